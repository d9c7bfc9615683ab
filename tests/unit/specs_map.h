/* SPDX-License-Identifier: BSD-2-Clause */
/* specs_map.h - small spec maps, and what is in them. */
#ifndef UNIT_SPECS_MAP_H
#define UNIT_SPECS_MAP_H

#include <linux/bpf.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "usdt/usdt_spec.h"

enum {
	MAX = 4, /* ids of the maps here */
};

static inline int map_of(uint32_t value_size, uint32_t max)
{
	/* Before 5.11 maps counted as locked memory. */
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = value_size,
		.max_entries = max,
		.map_name = "__bpf_usdt_spec",
	};

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

static inline int map_new(void)
{
	return map_of(SPEC_SIZE_OLD, MAX);
}

static inline uint32_t map_id(int map)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);

	bpf_info(map, &info, &size);
	return info.id;
}

/* The specs are told apart by their first byte. */
static inline struct usdt_spec spec_of(char c)
{
	struct usdt_spec spec = { .size = SPEC_SIZE_OLD };

	spec.bytes[0] = (uint8_t)c;
	return spec;
}

/* What each id of the map holds, the highest first; '.' for nothing. */
static inline const char *content(int map)
{
	static char text[MAX + 1];
	struct usdt_spec spec;
	uint32_t id;

	for (id = 0; id < MAX; id++) {
		bpf_map_lookup(map, &id, spec.bytes);
		text[MAX - 1 - id] = spec.bytes[0] ? (char)spec.bytes[0] : '.';
	}
	return text;
}

#endif
