// SPDX-License-Identifier: BSD-2-Clause
/* map_type.c - what the pairs of each type of map are. */
#include <linux/bpf.h>

#include "array.h"
#include "attach/kernel/map/map_type.h"

#define STORAGE(of)                               \
	"local storage: the values belong to " of \
	", by a descriptor of which bpf(2) finds one"

static const struct map_type types[] = {
	[BPF_MAP_TYPE_HASH] = { .holds = MAP_VALUES },
	[BPF_MAP_TYPE_ARRAY] = { .numbered = true },
	[BPF_MAP_TYPE_PROG_ARRAY] = { .holds = MAP_PROGRAMS, .numbered = true },
	[BPF_MAP_TYPE_PERF_EVENT_ARRAY] = {
		.holds = MAP_EVENTS,
		.numbered = true,
		.unread = "a perf event array: it holds perf events, which cannot be read; programs send records to their readers",
	},
	[BPF_MAP_TYPE_PERCPU_HASH] = { .per_cpu = true },
	[BPF_MAP_TYPE_PERCPU_ARRAY] = { .numbered = true, .per_cpu = true },
	[BPF_MAP_TYPE_CGROUP_ARRAY] = {
		.holds = MAP_CGROUPS,
		.numbered = true,
		.unread = "a cgroup array: the kernel does not tell which cgroups it holds",
	},
	[BPF_MAP_TYPE_LRU_PERCPU_HASH] = { .per_cpu = true },
	[BPF_MAP_TYPE_ARRAY_OF_MAPS] = { .holds = MAP_MAPS, .numbered = true },
	[BPF_MAP_TYPE_HASH_OF_MAPS] = { .holds = MAP_MAPS, .number = true },
	[BPF_MAP_TYPE_DEVMAP] = { .holds = MAP_DEVICES, .numbered = true },
	[BPF_MAP_TYPE_DEVMAP_HASH] = { .holds = MAP_DEVICES, .number = true },
	[BPF_MAP_TYPE_SOCKMAP] = { .holds = MAP_SOCKETS, .numbered = true },
	[BPF_MAP_TYPE_SOCKHASH] = { .holds = MAP_SOCKETS, .number = true },
	[BPF_MAP_TYPE_CPUMAP] = { .holds = MAP_CPUS, .numbered = true },
	[BPF_MAP_TYPE_XSKMAP] = {
		.holds = MAP_SOCKETS,
		.numbered = true,
		.unread = "an XSK map: the kernel does not tell which AF_XDP sockets it holds",
	},
	[BPF_MAP_TYPE_REUSEPORT_SOCKARRAY] = { .holds = MAP_SOCKETS,
					       .numbered = true },
	[BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE] = { .per_cpu = true },
	[BPF_MAP_TYPE_QUEUE] = {
		.unread = "a queue: it has no keys, and reading a value would take it out",
	},
	[BPF_MAP_TYPE_STACK] = {
		.unread = "a stack: it has no keys, and reading a value would take it out",
	},
	[BPF_MAP_TYPE_SK_STORAGE] = { .unread = STORAGE("sockets") },
	[BPF_MAP_TYPE_STRUCT_OPS] = {
		.numbered = true,
		.unwritten = "a struct_ops map, which a probe of the kind struct_ops puts in force",
	},
	[BPF_MAP_TYPE_RINGBUF] = {
		.unread = "a ring buffer: programs send records through it to whoever maps it",
	},
	[BPF_MAP_TYPE_INODE_STORAGE] = { .unread = STORAGE("files") },
	[BPF_MAP_TYPE_TASK_STORAGE] = { .unread = STORAGE("tasks") },
	[BPF_MAP_TYPE_BLOOM_FILTER] = {
		.unread = "a bloom filter: it has no keys, and only tells whether a value may be in it",
	},
	[BPF_MAP_TYPE_USER_RINGBUF] = {
		.unread = "a user ring buffer: programs take records from it of whoever maps it",
	},
	[MAP_TYPE_CGRP_STORAGE] = { .unread = STORAGE("cgroups") },
	[MAP_TYPE_ARENA] = {
		.unread = "an arena: memory that programs share with whoever maps it",
	},
	[MAP_TYPE_INSN_ARRAY] = { .numbered = true },
};

const struct map_type *map_type_of(uint32_t type)
{
	static const struct map_type unknown;

	return type < COUNT(types) ? &types[type] : &unknown;
}
