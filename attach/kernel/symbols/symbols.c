// SPDX-License-Identifier: BSD-2-Clause
/* symbols.c - questions about the functions of the kernel; the kept index. */
#include <errno.h>
#include <pthread.h>
#include <string.h>

#include "attach/kernel/symbols/kallsyms.h"
#include "attach/kernel/symbols/symbol_index.h"
#include "attach/kernel/symbols/symbols.h"
#include "pattern.h"
#include "scope.h"

enum {
	LINE = 1024,
	/* How far the last function of a module is taken to reach. */
	UNKNOWN_SIZE = 4096,
};

static bool in_module(const char *found, const char *wanted)
{
	if (!wanted)
		return true;
	return !strcmp(found && *found ? found : "vmlinux", wanted);
}

/* Aliases share an address; a function ends where a higher one begins. */
static uint64_t size_of(const struct symbols *s, const struct entry *entry)
{
	uint32_t next = symindex_above(s, entry->address);

	if (!entry->address || next == s->nentries ||
	    s->entries[next].module != entry->module)
		return 0;
	return s->entries[next].address - entry->address;
}

static struct symbol symbol_of(const struct symbols *s,
			       const struct entry *entry)
{
	return (struct symbol){
		.name = s->names + entry->name,
		.module = entry->module ? symindex_module(s, entry->module)
					: NULL,
		.address = entry->address,
		.size = size_of(s, entry),
		.type = entry->type,
		.blacklisted = entry->blacklisted,
		.shared = entry->shared,
	};
}

struct query {
	const struct symbols *s;
	const char *module; /* NULL is any */
	const char *pattern;
	size_t literal; /* bytes before the first wildcard */
	void (*each)(void *ctx, const struct symbol *symbol);
	void *ctx;
	size_t count;
};

static void query_entry(struct query *q, const struct entry *entry)
{
	struct symbol symbol;

	if (!in_module(symindex_module(q->s, entry->module), q->module))
		return;
	symbol = symbol_of(q->s, entry);
	q->each(q->ctx, &symbol);
	q->count++;
}

static void query_chain(struct query *q)
{
	const struct symbols *s = q->s;
	uint32_t i;

	for (i = symindex_first(s, q->pattern); i; i = s->chains[i - 1])
		if (!strcmp(s->names + s->entries[i - 1].name, q->pattern))
			query_entry(q, &s->entries[i - 1]);
}

static void query_all(struct query *q)
{
	const struct symbols *s = q->s;
	const char *name;
	uint32_t i;

	for (i = 0; i < s->nentries; i++) {
		name = s->names + s->entries[i].name;
		if (s->entries[i].type &&
		    !strncmp(name, q->pattern, q->literal) &&
		    pattern_match(q->pattern + q->literal, name + q->literal))
			query_entry(q, &s->entries[i]);
	}
}

size_t symbols_match(const struct symbols *s, const char *module,
		     const char *pattern,
		     void (*each)(void *ctx, const struct symbol *symbol),
		     void *ctx)
{
	struct query q = { s,	 module, pattern, strcspn(pattern, "*?"),
			   each, ctx,	 0 };

	if (pattern[q.literal])
		query_all(&q);
	else
		query_chain(&q);
	return q.count;
}

static bool query_line(void *ctx, const struct kallsym *line)
{
	struct query *q = ctx;
	struct symbol symbol = {
		.name = line->name,
		.module = line->module,
		.address = line->address,
		.type = line->type,
	};

	if (strcmp(line->name, q->pattern) ||
	    !in_module(line->module, q->module))
		return true;
	q->each(q->ctx, &symbol);
	q->count++;
	return true;
}

size_t symbols_find(const struct symbols *s, const char *module,
		    const char *name,
		    void (*each)(void *ctx, const struct symbol *symbol),
		    void *ctx)
{
	struct query q = { s, module, name, 0, each, ctx, 0 };
	scoped_file FILE *in = NULL;

	query_chain(&q);
	if (q.count)
		return q.count;
	in = kallsyms_open();
	if (in)
		kallsyms_scan(in, query_line, &q);
	return q.count;
}

bool symbols_at(const struct symbols *s, uint64_t address,
		struct symbol *symbol)
{
	uint32_t i = symindex_above(s, address);
	const struct entry *entry;

	if (!i || !s->entries[i - 1].address)
		return false;
	entry = &s->entries[i - 1];
	if (!entry->type)
		return false;
	/* The first of the aliases, as the kernel does. */
	while (entry > s->entries && entry[-1].address == entry->address &&
	       entry[-1].type)
		entry--;
	*symbol = symbol_of(s, entry);
	return address - entry->address <
	       (symbol->size ? symbol->size : UNKNOWN_SIZE);
}

bool symbols_hidden(const struct symbols *s)
{
	return !s->nentries || !s->entries[s->nentries - 1].address;
}

struct range {
	uint64_t start, end;
};

static void range_start(void *ctx, const struct symbol *symbol)
{
	((struct range *)ctx)->start = symbol->address;
}

static void range_end(void *ctx, const struct symbol *symbol)
{
	((struct range *)ctx)->end = symbol->address;
}

bool symbols_is_init(const struct symbols *s, uint64_t address)
{
	struct range init = { 0, 0 };

	symbols_match(s, "vmlinux", "_sinittext", range_start, &init);
	symbols_match(s, "vmlinux", "_einittext", range_end, &init);
	return init.start <= address && address < init.end;
}

static struct {
	pthread_mutex_t lock;
	struct symbols *current;
	uint64_t key;
} cache = { .lock = PTHREAD_MUTEX_INITIALIZER };

/*
 * Changes when the index has to: with the names, states and addresses in
 * /proc/modules (proc(5): fields 1, 5, 6; not the counts of users) and with
 * what hides addresses.
 */
static uint64_t current_key(void)
{
	enum { COUNTED = 1 << 0 | 1 << 4 | 1 << 5 };
	uint64_t key = 14695981039346656037U;
	char text[LINE], *rest, *field;
	unsigned int i;
	scoped_file FILE *in = fopen("/proc/modules", "re");
	scoped_file FILE *hidden =
		fopen("/proc/sys/kernel/kptr_restrict", "re");

	if (hidden && fgets(text, sizeof(text), hidden))
		key += symindex_hash(text);
	while (in && fgets_unlocked(text, sizeof(text), in)) {
		rest = text;
		for (i = 0; (field = strsep(&rest, " \n")); i++)
			if (COUNTED & 1U << i)
				key = (key ^ symindex_hash(field)) *
				      1099511628211U;
	}
	return key;
}

static void mark_blacklisted(void *ctx, uint64_t start, uint64_t end,
			     const char *name)
{
	struct symbols *s = ctx;
	uint32_t i = start ? symindex_above(s, start - 1) : s->nentries;

	(void)name;
	for (; i < s->nentries && s->entries[i].address < end; i++)
		s->entries[i].blacklisted = true;
}

/* With cache.lock held. */
static int rebuild_locked(uint64_t key, struct err *e)
{
	scoped_file FILE *in = kallsyms_open();
	struct symbols *made;

	if (!in)
		return fail(e, errno, "cannot read /proc/kallsyms: %s",
			    strerror(errno_clamp(errno)));
	made = symindex_make(in);
	if (!made)
		return fail(e, ENOMEM, "no memory for the kernel's symbols");
	if (!made->nentries) {
		symindex_free(made);
		return fail(e, ENOENT, "/proc/kallsyms is empty");
	}
	blacklist_scan(mark_blacklisted, made);
	symbols_put(cache.current);
	cache.current = made;
	cache.key = key;
	return 0;
}

const struct symbols *symbols_get(struct err *e)
{
	uint64_t key = current_key();
	struct symbols *s = NULL;

	pthread_mutex_lock(&cache.lock);
	if ((cache.current && cache.key == key) || !rebuild_locked(key, e)) {
		s = cache.current;
		s->users++;
	}
	pthread_mutex_unlock(&cache.lock);
	return s;
}

void symbols_put(const struct symbols *s)
{
	/* Immutable to readers; the count is the one thing that is not. */
	struct symbols *counted = (struct symbols *)(uintptr_t)s;

	if (counted && atomic_fetch_sub(&counted->users, 1) == 1)
		symindex_free(counted);
}
