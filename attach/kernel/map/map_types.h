/* SPDX-License-Identifier: BSD-2-Clause */
/* map_types.h - a map with the types of its keys and values. */
#ifndef ATTACH_KERNEL_MAP_MAP_TYPES_H
#define ATTACH_KERNEL_MAP_MAP_TYPES_H

#include "attach/kernel/btf_function.h"
#include "attach/kernel/map/draft.h"
#include "attach/kernel/map/map.h"
#include "attach/kernel/map/reader.h"

enum { MAP_BYTES = 64 << 20 }; /* of a pair, or a variable, as text or not */

struct map {
	int fd; /* borrowed */
	struct bpf_map_info info;
	const struct map_type *type;
	struct btf_types base, btf; /* of nothing, where there is none */
	struct btf_index index;
	uint32_t key_type, value_type; /* 0: not known */
	unsigned int cpus; /* that have a value of their own in a pair; 1 */
	size_t each; /* bytes from one of them to the next */
};

/* Without BTF, or the right to read it, the types are not known. */
int map_open(int fd, struct map *map, struct err *e);
void map_close(struct map *map); /* may be called twice */

static inline size_t map_value_bytes(const struct map *map)
{
	return map->cpus * map->each;
}

/* E2BIG: a pair has more than MAP_BYTES. */
int map_check_size(const struct map *map, struct err *e);

void map_draft_key(const struct map *map, const void *key, struct draft *out);
void map_draft_value(const struct map *map, const void *value,
		     struct draft *out);

int map_take_key(const struct map *map, struct reader *reader, void *key);
/* What is no object; value is what it is so far. */
int map_take_value(const struct map *map, struct reader *reader, void *value);

#endif
