// SPDX-License-Identifier: BSD-2-Clause
/* spec_map.c - which ids of a USDT spec map are free. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "attach/kernel/bpf.h"
#include "attach/kind/usdt/spec_lock.h"
#include "attach/kind/usdt/spec_map.h"
#include "scope.h"

void specs_map_free(struct specs_map *map)
{
	uint32_t id;

	if (!map)
		return;
	for (id = 0; map->entries && id < map->max; id++)
		free(map->entries[id].spec);
	fd_close(map->fd);
	fd_close(map->lock_fd);
	free(map->entries);
	free(map->buckets);
	free(map);
}

static int open_both(struct specs_map *map, int fd)
{
	map->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (map->fd < 0)
		return -errno;
	map->lock_fd = specs_lock_open();
	return map->lock_fd < 0 && map->lock_fd != -ENODEV ? map->lock_fd : 0;
}

int specs_map_make(int fd, const struct bpf_map_info *info,
		   struct specs_map **out)
{
	struct specs_map *map = calloc(1, sizeof(*map));
	int err;

	if (!map)
		return -ENOMEM;
	map->id = info->id;
	map->max = MIN(info->max_entries, SPECS_MAX);
	map->value_size = info->value_size;
	map->end = map->max;
	map->lock_fd = -1;
	map->nbuckets = 1;
	while (map->nbuckets < map->max && map->nbuckets < 1U << 16)
		map->nbuckets *= 2;
	err = open_both(map, fd);
	map->entries = calloc(map->max, sizeof(*map->entries));
	map->buckets = calloc(map->nbuckets, sizeof(*map->buckets));
	if (!err && (!map->entries || !map->buckets))
		err = -ENOMEM;
	if (err)
		specs_map_free(map);
	else
		*out = map;
	return err;
}

static uint32_t *bucket_of(struct specs_map *map, const struct usdt_spec *spec)
{
	return &map->buckets[spec_hash(spec) & (map->nbuckets - 1)];
}

/* The id that has the spec already, or max. */
static uint32_t find(struct specs_map *map, const struct usdt_spec *spec)
{
	uint32_t at;

	for (at = *bucket_of(map, spec); at; at = map->entries[at - 1].next)
		if (spec_equal(map->entries[at - 1].spec, spec))
			return at - 1;
	return map->max;
}

static int hold(struct specs_map *map, uint32_t id,
		const struct usdt_spec *spec)
{
	struct entry *entry = &map->entries[id];
	uint32_t *bucket = bucket_of(map, spec);

	entry->spec = malloc(sizeof(*spec));
	if (!entry->spec)
		return -ENOMEM;
	*entry->spec = *spec;
	entry->refs = 1;
	entry->next = *bucket;
	*bucket = id + 1;
	return 0;
}

static void drop(struct specs_map *map, uint32_t id)
{
	struct entry *entry = &map->entries[id];
	uint32_t *at = bucket_of(map, entry->spec);

	while (*at != id + 1)
		at = &map->entries[*at - 1].next;
	*at = entry->next;
	free(take(entry->spec));
}

void specs_map_clear(struct specs_map *map, uint32_t id)
{
	static const struct usdt_spec zeros;

	bpf_map_update(map->fd, &id, zeros.bytes, BPF_ANY);
	if (id >= map->end)
		map->end = id + 1;
}

static bool is_zeros(const struct specs_map *map, uint32_t id)
{
	static const struct usdt_spec zeros;
	struct usdt_spec spec = { .size = 0 };

	return !bpf_map_lookup(map->fd, &id, spec.bytes) &&
	       !memcmp(spec.bytes, zeros.bytes, map->value_size);
}

/* Nobody's: then locked, so that it stays so. */
static bool claim(struct specs_map *map, uint32_t id)
{
	if (!specs_lock_alone(map->lock_fd, map->id, id))
		return false;
	if (is_zeros(map, id))
		return true;
	specs_lock_drop(map->lock_fd, map->id, id);
	return false;
}

/* The highest free id, claimed, or max. */
static uint32_t find_free(struct specs_map *map)
{
	struct entry *entry;

	while (map->end > 0) {
		entry = &map->entries[map->end - 1];
		if (!entry->refs && !entry->foreign) {
			if (claim(map, map->end - 1))
				return map->end - 1;
			entry->foreign = true;
		}
		map->end--;
	}
	return map->max;
}

void specs_map_rescan(struct specs_map *map)
{
	struct entry *entry;
	uint32_t id;

	for (id = 0; id < map->max; id++) {
		entry = &map->entries[id];
		if (entry->refs || !entry->foreign || !claim(map, id))
			continue;
		specs_lock_drop(map->lock_fd, map->id, id);
		entry->foreign = false;
		map->end = id + 1;
	}
}

/* The same, after asking once more for those of others. */
static uint32_t find_or_rescan(struct specs_map *map)
{
	uint32_t id = find_free(map);

	if (id < map->max)
		return id;
	specs_map_rescan(map);
	return find_free(map);
}

static int take_new(struct specs_map *map, const struct usdt_spec *spec,
		    uint32_t *id)
{
	int err;

	*id = find_or_rescan(map);
	if (*id == map->max)
		return -ENOSPC;
	err = bpf_map_update(map->fd, id, spec->bytes, BPF_ANY);
	if (!err) {
		err = hold(map, *id, spec);
		if (err)
			specs_map_clear(map, *id);
	}
	if (err)
		specs_lock_drop(map->lock_fd, map->id, *id);
	else
		specs_lock_share(map->lock_fd, map->id, *id);
	return err;
}

int specs_map_take(struct specs_map *map, const struct usdt_spec *spec,
		   uint32_t *id)
{
	*id = find(map, spec);
	if (*id == map->max)
		return take_new(map, spec, id);
	map->entries[*id].refs++;
	return 0;
}

/* Other links may have it too, as those who made them shared ids. */
int specs_map_adopt(struct specs_map *map, uint32_t id)
{
	struct usdt_spec spec = { .size = map->value_size };
	int err;

	if (id >= map->max)
		return -EINVAL;
	map->entries[id].foreign = true;
	if (map->entries[id].refs) {
		map->entries[id].refs++;
		return 0;
	}
	err = bpf_map_lookup(map->fd, &id, spec.bytes);
	if (!err)
		err = hold(map, id, &spec);
	if (!err)
		specs_lock_share(map->lock_fd, map->id, id);
	return err;
}

void specs_map_give(struct specs_map *map, uint32_t id, bool left)
{
	struct entry *entry = &map->entries[id];

	entry->foreign |= left;
	if (--entry->refs)
		return;
	drop(map, id);
	/* Another daemon may have taken over a link with it, by a pin of
	   ours. */
	entry->foreign |= !specs_lock_alone(map->lock_fd, map->id, id);
	if (!entry->foreign)
		specs_map_clear(map, id);
	specs_lock_drop(map->lock_fd, map->id, id);
}

uint32_t specs_map_used(const struct specs_map *map)
{
	uint32_t id, used = 0;

	for (id = 0; id < map->max; id++)
		used += map->entries[id].refs || map->entries[id].foreign;
	return used;
}
