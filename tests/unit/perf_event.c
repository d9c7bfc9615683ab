// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* perf_event.c - names of events, and lists of CPUs. */
#include "attach/kind/perf_event.h"
#include "tests/unit/names.h"

extern const struct kind kind_perf_event;

/* clang-format off */
static const struct name names[] = {
	{"cpu-clock", "cpu-clock"},
	{"L1-dcache-load-misses@mine", "L1-dcache-load-misses"},
	{"r01c2", "r01c2"},
	{"^", NULL},
	{"^@a", NULL},
	{"cpu^.clock", NULL},
	{"cpu-clock@^", NULL},
};

static const struct {
	const char *name, *want; /* type:config, or "" */
} events[] = {
	{"cpu-clock", "1:0x0"},
	{"page-faults", "1:0x2"},
	{"cycles", "0:0x0"},
	{"L1-dcache-loads", "3:0x0"},
	{"L1-dcache-load-misses", "3:0x10000"},
	{"LLC-stores", "3:0x102"},
	{"dTLB-prefetch-misses", "3:0x10203"},
	{"r1c2", "4:0x1c2"},
	{"r", ""},
	{"rx", ""},
	{"r11112222333344445", ""},
	{"nothing", ""},
};

static const struct {
	const char *list, *want; /* NULL: refused */
} lists[] = {
	{"0", "0 "},
	{"0-3,7", "0 1 2 3 7 "},
	{"7,0-1", "0 1 7 "},
	{"2-3,3-4", "2 3 4 "},
	{"", NULL},
	{"3-1", NULL},
	{"1,", NULL},
	{",1", NULL},
	{"1-", NULL},
	{"a", NULL},
	{"8192", NULL},
	{"1 2", NULL},
};
/* clang-format on */

static void check_event(const char *name, const char *want)
{
	struct sample_event event;
	char got[64] = "";

	if (sample_event_find(name, &event))
		snprintf(got, sizeof(got), "%u:0x%llx", event.type,
			 (unsigned long long)event.config);
	check_text(name, want, got);
}

static void check_list(const char *list, const char *want)
{
	char *value = NULL, got[64] = "";
	int cpu = -1, err = type_cpus.parse(&value, list, NULL);

	while (!err && (cpu = cpus_next(value, cpu + 1)) >= 0)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%d ",
			 cpu);
	check_text(list, want ? want : "refused", err ? "refused" : got);
	type_cpus.clear(&value);
}

int main(void)
{
	size_t i;

	for (EACH(names, i))
		check_name(&kind_perf_event, 1, &names[i]);
	for (EACH(events, i))
		check_event(events[i].name, events[i].want);
	for (EACH(lists, i))
		check_list(lists[i].list, lists[i].want);
	return check_end("perf_event");
}
