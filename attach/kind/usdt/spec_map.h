/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec_map.h - the ids of one USDT spec map; private to spec_*.c.
 *
 * An id is free when its value in the map is all zeros: no spec is, and what is
 * given back is made so.  Thus the ids of others on the same map are seen, as
 * are those that a probefs that has died left behind.  What another daemon is
 * about to write is not: it holds a lock on the id (spec_lock.h).
 *
 * Locking: the caller's.
 */
#ifndef ATTACH_KIND_USDT_SPEC_MAP_H
#define ATTACH_KIND_USDT_SPEC_MAP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "attach/kernel/abi.h"
#include "usdt/usdt_spec.h"

enum {
	/* Ids of a map that are given out: each costs memory, and when the map
	   is full, time.  The largest known file needs 129, the default is 256. */
	SPECS_MAX = 1 << 16,
};

struct entry { /* one id */
	uint32_t refs; /* how often we hold it */
	uint32_t next; /* of the same bucket: an id plus 1, or 0 */
	bool foreign; /* others hold it, or may */
	struct usdt_spec *spec; /* while refs is not 0 */
};

struct specs_map {
	LIST_ENTRY(specs_map) link;
	size_t holders; /* users of the list of maps */
	int fd;
	int lock_fd; /* of spec_lock.h, or -1 */
	uint32_t id, max, value_size;
	uint32_t end; /* no id from here on is free */
	struct entry *entries; /* max of them, SPECS_MAX at most */
	uint32_t nbuckets; /* a power of two */
	uint32_t *buckets; /* by the hash of the spec: an id plus 1, or 0 */
};

/* fd is duplicated. */
int specs_map_make(int fd, const struct bpf_map_info *info,
		   struct specs_map **out);
void specs_map_free(struct specs_map *map); /* NULL is fine */

/* The spec's id, held once more.  ENOSPC: none is free. */
int specs_map_take(struct specs_map *map, const struct usdt_spec *spec,
		   uint32_t *id);
/* Holds an id that a link has already.  EINVAL: there is no such id. */
int specs_map_adopt(struct specs_map *map, uint32_t id);

/* Held once less.  A link keeps the id all the same when left is set. */
void specs_map_give(struct specs_map *map, uint32_t id, bool left);

/* Nobody has the id any more, and we have the lock alone. */
void specs_map_clear(struct specs_map *map, uint32_t id);

/* The ids of others that they have given back can be taken. */
void specs_map_rescan(struct specs_map *map);

uint32_t specs_map_used(const struct specs_map *map);

#endif
