// SPDX-License-Identifier: BSD-2-Clause
/* symbol_index.c - building the index of kallsyms. */
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/symbols/kallsyms.h"
#include "attach/kernel/symbols/symbol_index.h"

const char *symindex_module(const struct symbols *s, uint32_t module)
{
	return s->names + s->modules[module];
}

/*
 * The array with room for more elements after those used: itself, or a longer
 * copy.  Lengths are powers of two.  NULL without memory; the array stays.
 */
static void *room(void *array, uint32_t used, uint32_t more, size_t size)
{
	uint32_t have = 1024, need = used + more;

	while (have < used)
		have *= 2;
	if (array && need <= have)
		return array;
	while (have < need)
		have *= 2;
	return reallocarray(array, have, size);
}

/* Where the copy is; 0 without memory, and for the first one. */
static uint32_t name_add(struct symbols *s, const char *name)
{
	uint32_t at = s->names_used, size = (uint32_t)strlen(name) + 1;
	char *names = room(s->names, at, size, 1);

	if (!names)
		return 0;
	s->names = names;
	memcpy(s->names + at, name, size);
	s->names_used += size;
	return at;
}

/*
 * The lines of a module are together, so the last one is the only guess.
 * Negative without memory, or with more modules than there can be.
 */
static int module_add(struct symbols *s, const char *module)
{
	uint32_t *modules, name;

	if (s->nmodules && !strcmp(module, symindex_module(s, s->nmodules - 1)))
		return (int)s->nmodules - 1;
	name = name_add(s, module);
	modules = room(s->modules, s->nmodules, 1, sizeof(*modules));
	if (!modules)
		return -1;
	s->modules = modules;
	if ((!name && s->nmodules) || s->nmodules > UINT16_MAX)
		return -1;
	s->modules[s->nmodules] = name;
	return (int)s->nmodules++;
}

static bool entry_add(struct symbols *s, const struct kallsym *line,
		      bool function)
{
	int module = line->module ? module_add(s, line->module) : 0;
	uint32_t name = function ? name_add(s, line->name) : s->names_used;
	struct entry *entries;

	if (module < 0 || (function && !name))
		return false;
	entries = room(s->entries, s->nentries, 1, sizeof(*entries));
	if (!entries)
		return false;
	s->entries = entries;
	s->entries[s->nentries++] = (struct entry){
		.address = line->address,
		.name = name,
		.module = (uint16_t)module,
		.type = function ? line->type : '\0',
	};
	return true;
}

/* FNV-1a. */
uint32_t symindex_hash(const char *name)
{
	uint32_t value = 2166136261U;

	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * 16777619U;
	return value ^ value >> 16;
}

/* others: the hashes of the names of what is no function. */
struct build {
	struct symbols *s;
	uint32_t *others;
	uint32_t nothers;
	bool failed;
};

static bool other_add(struct build *build, const char *name)
{
	uint32_t *others =
		room(build->others, build->nothers, 1, sizeof(*others));

	if (!others)
		return false;
	build->others = others;
	build->others[build->nothers++] = symindex_hash(name);
	return true;
}

static bool build_line(void *ctx, const struct kallsym *line)
{
	struct build *build = ctx;
	const struct symbols *s = build->s;
	bool function = kallsym_is_function(line);

	build->failed = !function && !other_add(build, line->name);
	if (build->failed)
		return false;
	if (!function && !(s->nentries && s->entries[s->nentries - 1].type))
		return true;
	build->failed = !entry_add(build->s, line, function);
	return !build->failed;
}

/* By address; at one address, in the order of the lines. */
static int by_address(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (a->name != b->name)
		return a->name < b->name ? -1 : 1;
	return !!a->type - !!b->type;
}

/* The kernel proper comes sorted, and is all there is without modules. */
static void sort(struct symbols *s)
{
	uint32_t i;

	for (i = 1; i < s->nentries; i++)
		if (s->entries[i - 1].address > s->entries[i].address)
			break;
	if (i < s->nentries)
		qsort(s->entries, s->nentries, sizeof(*s->entries), by_address);
}

static uint32_t *head(const struct symbols *s, const char *name)
{
	return &s->heads[symindex_hash(name) & (s->nheads - 1)];
}

uint32_t symindex_first(const struct symbols *s, const char *name)
{
	return *head(s, name);
}

/* From the last to the first, so that each chain is in order of address. */
static bool chain(struct symbols *s)
{
	uint32_t i, *first;

	for (s->nheads = 1; s->nheads < s->nentries / 2; s->nheads *= 2)
		;
	s->heads = calloc(s->nheads, sizeof(*s->heads));
	s->chains = calloc(s->nentries + 1, sizeof(*s->chains));
	if (!s->heads || !s->chains)
		return false;
	for (i = s->nentries; i-- > 0;) {
		if (!s->entries[i].type)
			continue;
		first = head(s, s->names + s->entries[i].name);
		s->chains[i] = *first;
		*first = i + 1;
	}
	return true;
}

/*
 * Where a variable has a function's name the kernel finds the name twice, and
 * refuses it.  Two names of one hash cost no more than an address instead.
 */
static void mark_shared(struct symbols *s, const struct build *build)
{
	uint32_t i, n;

	for (n = 0; n < build->nothers; n++) {
		uint32_t hash = build->others[n];

		for (i = s->heads[hash & (s->nheads - 1)]; i;
		     i = s->chains[i - 1]) {
			struct entry *entry = &s->entries[i - 1];

			if (symindex_hash(s->names + entry->name) == hash)
				entry->shared = true;
		}
	}
}

uint32_t symindex_above(const struct symbols *s, uint64_t address)
{
	uint32_t low = 0, high = s->nentries, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (s->entries[middle].address > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

void symindex_free(struct symbols *s)
{
	if (!s)
		return;
	free(s->entries);
	free(s->chains);
	free(s->heads);
	free(s->names);
	free(s->modules);
	free(s);
}

/* What growing left unused goes back: a smaller realloc that fails is none. */
static void *trim(void *array, size_t size)
{
	void *smaller = realloc(array, size);

	return smaller ? smaller : array;
}

struct symbols *symindex_make(FILE *kallsyms)
{
	struct symbols *s = calloc(1, sizeof(*s));
	struct build build = { .s = s };

	/* Name 0 is "", and module 0 has that name. */
	if (!s || module_add(s, ""))
		goto out_free;
	s->users = 1;
	kallsyms_scan(kallsyms, build_line, &build);
	if (build.failed)
		goto out_free;
	sort(s);
	if (!chain(s))
		goto out_free;
	mark_shared(s, &build);
	free(build.others);
	s->entries = trim(s->entries, (s->nentries + 1) * sizeof(struct entry));
	s->names = trim(s->names, s->names_used);
	return s;
out_free:
	free(build.others);
	symindex_free(s);
	return NULL;
}
