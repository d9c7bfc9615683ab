// SPDX-License-Identifier: BSD-2-Clause
/* perf_names.c - the names that perf(1) has for events, and lists of CPUs. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/link/perf_name.h"
#include "attach/kind/perf_event.h"

/* clang-format off */
static const struct row {
	const char *name;
	struct sample_event event;
} rows[] = {
#define SOFTWARE(id, counted) \
	{ PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##id, counted }
	{ "cpu-clock", SOFTWARE(CPU_CLOCK, false) },
	{ "task-clock", SOFTWARE(TASK_CLOCK, false) },
	{ "page-faults", SOFTWARE(PAGE_FAULTS, true) },
	{ "faults", SOFTWARE(PAGE_FAULTS, true) },
	{ "minor-faults", SOFTWARE(PAGE_FAULTS_MIN, true) },
	{ "major-faults", SOFTWARE(PAGE_FAULTS_MAJ, true) },
	{ "context-switches", SOFTWARE(CONTEXT_SWITCHES, true) },
	{ "cs", SOFTWARE(CONTEXT_SWITCHES, true) },
	{ "cpu-migrations", SOFTWARE(CPU_MIGRATIONS, true) },
	{ "migrations", SOFTWARE(CPU_MIGRATIONS, true) },
	{ "alignment-faults", SOFTWARE(ALIGNMENT_FAULTS, true) },
	{ "emulation-faults", SOFTWARE(EMULATION_FAULTS, true) },
	{ "cgroup-switches", { PERF_TYPE_SOFTWARE, 11, true } }, /* 5.13 */
#define HARDWARE(id) { PERF_TYPE_HARDWARE, PERF_COUNT_HW_##id, false }
	{ "cycles", HARDWARE(CPU_CYCLES) },
	{ "cpu-cycles", HARDWARE(CPU_CYCLES) },
	{ "instructions", HARDWARE(INSTRUCTIONS) },
	{ "cache-references", HARDWARE(CACHE_REFERENCES) },
	{ "cache-misses", HARDWARE(CACHE_MISSES) },
	{ "branches", HARDWARE(BRANCH_INSTRUCTIONS) },
	{ "branch-instructions", HARDWARE(BRANCH_INSTRUCTIONS) },
	{ "branch-misses", HARDWARE(BRANCH_MISSES) },
	{ "bus-cycles", HARDWARE(BUS_CYCLES) },
	{ "stalled-cycles-frontend", HARDWARE(STALLED_CYCLES_FRONTEND) },
	{ "stalled-cycles-backend", HARDWARE(STALLED_CYCLES_BACKEND) },
	{ "ref-cycles", HARDWARE(REF_CPU_CYCLES) },
};
/* clang-format on */

/* Of PERF_COUNT_HW_CACHE_..., and what is done there, by op and result. */
enum { CACHES = 7, DEEDS = 6 };

static struct sample_event cache_event(size_t cache, size_t deed)
{
	return (struct sample_event){
		.type = PERF_TYPE_HW_CACHE,
		.config = cache | deed / 2 << 8 | deed % 2 << 16,
	};
}

static bool cache_find(const char *name, struct sample_event *event)
{
	char text[PERF_NAME];
	size_t i;

	for (i = 0; i < CACHES * DEEDS; i++) {
		*event = cache_event(i / DEEDS, i % DEEDS);
		if (perf_name(event->type, event->config, text) &&
		    !strcmp(text, name))
			return true;
	}
	return false;
}

/* rHEX: as the machine's manual has it. */
static bool raw_find(const char *name, struct sample_event *event)
{
	size_t length = strlen(name);

	if (name[0] != 'r' || length < 2 || length > 17 ||
	    name[1 + strspn(name + 1, "0123456789abcdefABCDEF")])
		return false;
	*event = (struct sample_event){
		.type = PERF_TYPE_RAW,
		.config = strtoull(name + 1, NULL, 16),
	};
	return true;
}

bool sample_event_find(const char *name, struct sample_event *event)
{
	size_t i;

	for (i = 0; i < COUNT(rows); i++)
		if (!strcmp(rows[i].name, name)) {
			*event = rows[i].event;
			return true;
		}
	return cache_find(name, event) || raw_find(name, event);
}

bool sample_event_name(size_t place, char *name, size_t size)
{
	struct sample_event cache;
	char text[PERF_NAME];

	if (place < COUNT(rows)) {
		snprintf(name, size, "%s", rows[place].name);
		return true;
	}
	place -= COUNT(rows);
	if (place >= CACHES * DEEDS)
		return false;
	cache = cache_event(place / DEEDS, place % DEEDS);
	if (!perf_name(cache.type, cache.config, text))
		return false;
	snprintf(name, size, "%s", text);
	return true;
}

/* Lists of CPUs */

/* The range that begins at *text, which becomes what is behind it. */
static bool range_of(const char **text, unsigned long *first,
		     unsigned long *last)
{
	char *end;

	if (!strchr("0123456789", (*text)[0]) || !(*text)[0])
		return false;
	*first = *last = strtoul(*text, &end, 10);
	if (*end == '-') {
		*text = end + 1;
		if (!strchr("0123456789", (*text)[0]) || !(*text)[0])
			return false;
		*last = strtoul(*text, &end, 10);
	}
	*text = end;
	return *first <= *last && *last < CPUS_MAX;
}

static int cpus_parse(void *value, const char *text, struct err *e)
{
	const char *at = text;
	unsigned long first, last;

	do {
		if (!range_of(&at, &first, &last))
			return fail_at(
				e, EINVAL, (size_t)(at - text),
				"not a list of CPUs; write one such as 0-3,7");
	} while (*at == ',' && *++at);
	if (*at || at[-1] == ',')
		return fail_at(e, EINVAL, (size_t)(at - text),
			       "not a list of CPUs; write one such as 0-3,7");
	return type_string.parse(value, text, e);
}

static void cpus_show(const void *value, FILE *out)
{
	type_string.show(value, out);
}

static void cpus_clear(void *value)
{
	type_string.clear(value);
}

const struct type type_cpus = {
	.parse = cpus_parse,
	.show = cpus_show,
	.clear = cpus_clear,
	.form = "a list of CPUs such as 0-3,7; empty: all that are online",
};

int cpus_next(const char *list, int cpu)
{
	unsigned long first, last, next = CPUS_MAX;
	unsigned long from = (unsigned long)cpu;

	while (range_of(&list, &first, &last)) {
		if (last >= from && (first > from ? first : from) < next)
			next = first > from ? first : from;
		if (*list != ',')
			break;
		list++;
	}
	return next < CPUS_MAX ? (int)next : -1;
}
