// SPDX-License-Identifier: BSD-2-Clause
/*
 * ftrace_lists.c - the kernel's lists of functions and modules, read when
 * asked.
 */
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/symbols/symbols.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"

enum { LINE = 1024 };

bool module_loaded(const char *module)
{
	char text[LINE];
	scoped_file FILE *in = fopen("/proc/modules", "re");

	if (!strcmp(module, "vmlinux"))
		return true;
	while (in && fgets(text, sizeof(text), in)) {
		text[strcspn(text, " ")] = '\0';
		if (!strcmp(text, module))
			return true;
	}
	return false;
}

/* NAME[ [MODULE]] */
static void traceable_line(char *text,
			   void (*each)(void *ctx, const char *module,
					const char *name),
			   void *ctx)
{
	char *end = text + strcspn(text, " \n"), *module = NULL;

	if (end[0] == ' ' && end[1] == '[') {
		module = end + 2;
		module[strcspn(module, "]\n")] = '\0';
	}
	*end = '\0';
	/* Where a weak function was: kernel/trace/ftrace.c, 6.0. */
	if (strncmp(text, "__ftrace_invalid_address__",
		    sizeof("__ftrace_invalid_address__") - 1))
		each(ctx, module, text);
}

int traceable_scan(void (*each)(void *ctx, const char *module,
				const char *name),
		   void *ctx)
{
	const char *root = tracefs_root(NULL);
	scoped_free char *path = NULL;
	char text[LINE];
	FILE *in;

	if (!root)
		return -ENODEV;
	if (asprintf(&path, "%s/available_filter_functions", root) < 0)
		return -ENOMEM;
	in = fopen(path, "re");
	if (!in)
		return -errno;
	while (fgets(text, sizeof(text), in))
		traceable_line(text, each, ctx);
	fclose(in);
	return 0;
}

/* One string after another, and a table of them whose data is how often. */
struct traceable {
	char *names;
	size_t size;
	struct hsearch_data table;
};

struct collect {
	FILE *out;
	size_t count;
};

static void collect_name(void *ctx, const char *module, const char *name)
{
	struct collect *collect = ctx;

	(void)module;
	fwrite(name, strlen(name) + 1, 1, collect->out);
	collect->count++;
}

static bool fill(struct traceable *t, size_t count)
{
	ENTRY item = { 0 }, *found;
	char *name;

	/* A fifth stays empty, which keeps the searches short. */
	if (!hcreate_r(count + count / 4 + 1, &t->table))
		return false;
	for (name = t->names; name < t->names + t->size;
	     name += strlen(name) + 1) {
		item.key = name;
		if (!hsearch_r(item, ENTER, &found, &t->table))
			return false;
		found->data = (char *)found->data + 1;
	}
	return true;
}

struct traceable *traceable_read(int *err)
{
	struct traceable *t = calloc(1, sizeof(*t));
	struct collect collect = { 0 };

	*err = -ENOMEM;
	if (!t)
		return NULL;
	collect.out = open_memstream(&t->names, &t->size);
	if (!collect.out)
		goto out_free;
	*err = traceable_scan(collect_name, &collect);
	if (fclose(collect.out) || (!*err && !fill(t, collect.count)))
		*err = -ENOMEM;
	if (*err)
		goto out_free;
	return t;
out_free:
	traceable_free(t);
	return NULL;
}

size_t traceable_count(const struct traceable *t, const char *name)
{
	/* The table's keys are not const, though a search changes none. */
	ENTRY item = { .key = (char *)(uintptr_t)name }, *found;
	struct hsearch_data table = t->table;

	return hsearch_r(item, FIND, &found, &table) ? (size_t)found->data : 0;
}

void traceable_free(struct traceable *t)
{
	if (!t)
		return;
	hdestroy_r(&t->table);
	free(t->names);
	free(t);
}

struct question {
	const char *name;
	int answer;
};

static void ask_traceable(void *ctx, const char *module, const char *name)
{
	struct question *q = ctx;

	(void)module;
	if (!strcmp(name, q->name))
		q->answer = 1;
}

int symbol_traceable(const char *name)
{
	struct question q = { .name = name };

	return traceable_scan(ask_traceable, &q) ? -1 : q.answer;
}

/* 0xSTART-0xEND\tNAME; zeros where kptr_restrict hides the addresses. */
int blacklist_scan(void (*each)(void *ctx, uint64_t start, uint64_t end,
				const char *name),
		   void *ctx)
{
	char text[LINE], *end, *name;
	uint64_t start, stop;
	scoped_file FILE *in =
		fopen("/sys/kernel/debug/kprobes/blacklist", "re");

	if (!in)
		return -errno;
	while (fgets(text, sizeof(text), in)) {
		start = strtoull(text, &end, 16);
		stop = strtoull(end + (*end == '-'), &end, 16);
		name = end + strspn(end, "\t ");
		name[strcspn(name, " \n")] = '\0';
		each(ctx, start, stop, name);
	}
	return 0;
}

static void ask_blacklisted(void *ctx, uint64_t start, uint64_t end,
			    const char *name)
{
	struct question *q = ctx;

	(void)start;
	(void)end;
	if (!strcmp(name, q->name))
		q->answer = 1;
}

int symbol_blacklisted(const char *name)
{
	struct question q = { .name = name };

	return blacklist_scan(ask_blacklisted, &q) ? -1 : q.answer;
}
