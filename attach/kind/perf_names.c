// SPDX-License-Identifier: BSD-2-Clause
/* perf_names.c - the names that perf(1) has for events, and lists of CPUs. */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/link/perf_name.h"
#include "attach/kind/perf_event.h"

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

/* Each page fault or switch is worth a sample, a clock's ticks are not. */
static bool counts(uint32_t type, uint64_t config)
{
	return type == PERF_TYPE_SOFTWARE &&
	       config != PERF_COUNT_SW_CPU_CLOCK &&
	       config != PERF_COUNT_SW_TASK_CLOCK;
}

bool sample_event_find(const char *name, struct sample_event *event)
{
	char text[PERF_NAME];
	size_t i;

	for (i = 0; perf_name_at(i, &event->type, &event->config, text); i++)
		if (!strcmp(text, name)) {
			event->counts = counts(event->type, event->config);
			return true;
		}
	return raw_find(name, event);
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
