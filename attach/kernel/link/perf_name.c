// SPDX-License-Identifier: BSD-2-Clause
/* perf_name.c - as tools/perf/util/evsel.c names events. */
#include <inttypes.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <stdio.h>

#include "array.h"
#include "attach/kernel/link/perf_name.h"

static const char *const hardware[] = {
	[PERF_COUNT_HW_CPU_CYCLES] = "cpu-cycles",
	[PERF_COUNT_HW_INSTRUCTIONS] = "instructions",
	[PERF_COUNT_HW_CACHE_REFERENCES] = "cache-references",
	[PERF_COUNT_HW_CACHE_MISSES] = "cache-misses",
	[PERF_COUNT_HW_BRANCH_INSTRUCTIONS] = "branches",
	[PERF_COUNT_HW_BRANCH_MISSES] = "branch-misses",
	[PERF_COUNT_HW_BUS_CYCLES] = "bus-cycles",
	[PERF_COUNT_HW_STALLED_CYCLES_FRONTEND] = "stalled-cycles-frontend",
	[PERF_COUNT_HW_STALLED_CYCLES_BACKEND] = "stalled-cycles-backend",
	[PERF_COUNT_HW_REF_CPU_CYCLES] = "ref-cycles",
};

static const char *const software[] = {
	[PERF_COUNT_SW_CPU_CLOCK] = "cpu-clock",
	[PERF_COUNT_SW_TASK_CLOCK] = "task-clock",
	[PERF_COUNT_SW_PAGE_FAULTS] = "page-faults",
	[PERF_COUNT_SW_CONTEXT_SWITCHES] = "context-switches",
	[PERF_COUNT_SW_CPU_MIGRATIONS] = "cpu-migrations",
	[PERF_COUNT_SW_PAGE_FAULTS_MIN] = "minor-faults",
	[PERF_COUNT_SW_PAGE_FAULTS_MAJ] = "major-faults",
	[PERF_COUNT_SW_ALIGNMENT_FAULTS] = "alignment-faults",
	[PERF_COUNT_SW_EMULATION_FAULTS] = "emulation-faults",
	[PERF_COUNT_SW_DUMMY] = "dummy",
	[PERF_COUNT_SW_BPF_OUTPUT] = "bpf-output",
	[PERF_COUNT_SW_CGROUP_SWITCHES] = "cgroup-switches", /* 5.13 */
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

static const struct {
	const char *const *names;
	size_t count;
} simple[] = {
	[PERF_TYPE_HARDWARE] = { hardware, COUNT(hardware) },
	[PERF_TYPE_SOFTWARE] = { software, COUNT(software) },
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

bool perf_name(uint32_t type, uint64_t config, char name[PERF_NAME])
{
	if (type == PERF_TYPE_HW_CACHE)
		return cache_name(config, name);
	if (type == PERF_TYPE_RAW) {
		snprintf(name, PERF_NAME, "r%" PRIx64, config);
		return true;
	}
	if (type >= COUNT(simple) || config >= simple[type].count ||
	    !simple[type].names[config])
		return false;
	snprintf(name, PERF_NAME, "%s", simple[type].names[config]);
	return true;
}
