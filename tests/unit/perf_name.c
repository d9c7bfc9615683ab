// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* perf_name.c - the names of perf events. */
#include "attach/kernel/link/perf_name.h"
#include "tests/unit/check.h"

static const struct {
	uint32_t type;
	uint64_t config;
	const char *name; /* NULL: none */
} events[] = {
	{ 0, 0, "cpu-cycles" },
	{ 0, 9, "ref-cycles" },
	{ 0, 10, NULL },
	{ 1, 0, "cpu-clock" },
	{ 1, 2, "page-faults" },
	{ 1, 9, "dummy" },
	{ 1, 11, "cgroup-switches" },
	{ 1, 12, NULL },
	{ 1, UINT64_MAX, NULL },
	{ 2, 1, NULL },
	{ 3, 0x10000, "L1-dcache-load-misses" },
	{ 3, 0x105, "branch-stores" },
	{ 3, 0x10203, "dTLB-prefetch-misses" },
	{ 3, 7, NULL },
	{ 3, 0x300, NULL },
	{ 3, 0x20000, NULL },
	{ 4, 0x1a2, "r1a2" },
	{ 5, 0, NULL },
	{ UINT32_MAX, 0, NULL },
};

int main(void)
{
	char name[PERF_NAME];
	size_t i;
	bool known;

	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		known = perf_name(events[i].type, events[i].config, name);
		check_number("known", events[i].name != NULL, known);
		if (known)
			check_text("name", events[i].name, name);
	}
	return check_end("perf_name");
}
