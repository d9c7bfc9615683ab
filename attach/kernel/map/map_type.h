/* SPDX-License-Identifier: BSD-2-Clause */
/* map_type.h - what the pairs of each type of map are. */
#ifndef ATTACH_KERNEL_MAP_MAP_TYPE_H
#define ATTACH_KERNEL_MAP_MAP_TYPE_H

#include <stdbool.h>
#include <stdint.h>

enum map_holds {
	MAP_VALUES,
	MAP_PROGRAMS, /* read as ids, written as descriptors */
	MAP_MAPS, /* the same */
	MAP_SOCKETS, /* read as cookies */
	MAP_DEVICES, /* a number and, where there is room, a program's id */
	MAP_CPUS, /* the same */
	MAP_EVENTS, /* written as descriptors, and never read */
	MAP_CGROUPS, /* the same */
};

struct map_type {
	enum map_holds holds;
	bool numbered; /* the keys are 0, 1, ... up to max_entries */
	bool number; /* a key of 32 bits is any number; these have no BTF */
	bool per_cpu;
	const char *unread; /* why no pairs can be read; NULL: they can */
	const char *
		unwritten; /* why none can be written; NULL: they can, or unread */
};

/* Of a type that is not known: values that nothing is known of. */
const struct map_type *map_type_of(uint32_t type);

/* enum bpf_map_type; as they are newer than Debian 12's header. */
enum {
	MAP_TYPE_CGRP_STORAGE = 32, /* 6.2 */
	MAP_TYPE_ARENA = 33, /* 6.9 */
	MAP_TYPE_INSN_ARRAY = 34, /* 6.19 */
};

#endif
