// SPDX-License-Identifier: BSD-2-Clause
/* perf_name.c - as tools/perf/util/evsel.c names events. */
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <stdio.h>

#include "array.h"
#include "attach/kernel/link/perf_name.h"

/* The first row of a number is its name; the others are aliases. */
static const struct row {
	const char *name;
	uint32_t type;
	uint64_t config;
} rows[] = {
#define SOFTWARE(id) PERF_TYPE_SOFTWARE, PERF_COUNT_SW_##id
	{ "cpu-clock", SOFTWARE(CPU_CLOCK) },
	{ "task-clock", SOFTWARE(TASK_CLOCK) },
	{ "page-faults", SOFTWARE(PAGE_FAULTS) },
	{ "faults", SOFTWARE(PAGE_FAULTS) },
	{ "minor-faults", SOFTWARE(PAGE_FAULTS_MIN) },
	{ "major-faults", SOFTWARE(PAGE_FAULTS_MAJ) },
	{ "context-switches", SOFTWARE(CONTEXT_SWITCHES) },
	{ "cs", SOFTWARE(CONTEXT_SWITCHES) },
	{ "cpu-migrations", SOFTWARE(CPU_MIGRATIONS) },
	{ "migrations", SOFTWARE(CPU_MIGRATIONS) },
	{ "alignment-faults", SOFTWARE(ALIGNMENT_FAULTS) },
	{ "emulation-faults", SOFTWARE(EMULATION_FAULTS) },
	{ "cgroup-switches", SOFTWARE(CGROUP_SWITCHES) }, /* 5.13 */
#define HARDWARE(id) PERF_TYPE_HARDWARE, PERF_COUNT_HW_##id
	{ "cpu-cycles", HARDWARE(CPU_CYCLES) },
	{ "cycles", HARDWARE(CPU_CYCLES) },
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

/* Those that never happen by themselves: a link of another tool may have one. */
static const struct row silent[] = {
	{ "dummy", SOFTWARE(DUMMY) },
	{ "bpf-output", SOFTWARE(BPF_OUTPUT) },
};

static const char *const caches[] = {
	[PERF_COUNT_HW_CACHE_L1D] = "L1-dcache",
	[PERF_COUNT_HW_CACHE_L1I] = "L1-icache",
	[PERF_COUNT_HW_CACHE_LL] = "LLC",
	[PERF_COUNT_HW_CACHE_DTLB] = "dTLB",
	[PERF_COUNT_HW_CACHE_ITLB] = "iTLB",
	[PERF_COUNT_HW_CACHE_BPU] = "branch",
	[PERF_COUNT_HW_CACHE_NODE] = "node",
};

/* Accesses, then misses. */
static const char *const operations[][2] = {
	[PERF_COUNT_HW_CACHE_OP_READ] = { "loads", "load-misses" },
	[PERF_COUNT_HW_CACHE_OP_WRITE] = { "stores", "store-misses" },
	[PERF_COUNT_HW_CACHE_OP_PREFETCH] = { "prefetches", "prefetch-misses" },
};

static bool cache_name(uint64_t config, char name[PERF_NAME])
{
	uint64_t cache = config & 0xff, operation = config >> 8 & 0xff;
	uint64_t result = config >> 16;

	if (cache >= COUNT(caches) || operation >= COUNT(operations) ||
	    result >= COUNT(operations[0]))
		return false;
	snprintf(name, PERF_NAME, "%s-%s", caches[cache],
		 operations[operation][result]);
	return true;
}

static bool row_name(const struct row *table, size_t count, uint32_t type,
		     uint64_t config, char name[PERF_NAME])
{
	size_t i;

	for (i = 0; i < count; i++)
		if (table[i].type == type && table[i].config == config) {
			snprintf(name, PERF_NAME, "%s", table[i].name);
			return true;
		}
	return false;
}

bool perf_name(uint32_t type, uint64_t config, char name[PERF_NAME])
{
	if (type == PERF_TYPE_HW_CACHE)
		return cache_name(config, name);
	if (type == PERF_TYPE_RAW) {
		snprintf(name, PERF_NAME, "r%" PRIx64, config);
		return true;
	}
	return row_name(rows, COUNT(rows), type, config, name) ||
	       row_name(silent, COUNT(silent), type, config, name);
}

bool perf_name_at(size_t place, uint32_t *type, uint64_t *config,
		  char name[PERF_NAME])
{
	const size_t acts = COUNT(operations) * COUNT(operations[0]);

	if (place < COUNT(rows)) {
		*type = rows[place].type;
		*config = rows[place].config;
		snprintf(name, PERF_NAME, "%s", rows[place].name);
		return true;
	}
	place -= COUNT(rows);
	*type = PERF_TYPE_HW_CACHE;
	*config = place / acts | place % acts / 2 << 8 | place % 2 << 16;
	return cache_name(*config, name);
}
