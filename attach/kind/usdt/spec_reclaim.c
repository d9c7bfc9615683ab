// SPDX-License-Identifier: BSD-2-Clause
/*
 * spec_reclaim.c - what links say of the ids in a USDT spec map.
 *
 * Looking through all links of the system takes long, so it is done only when
 * no id is free any more.  The ids are locked before: a daemon that has written
 * a spec and not made the link yet has a lock on its id, which is then left
 * alone.  Others, such as libbpf, are not seen just then; it is why libbpf's
 * ids, the low ones, come last.
 */
#include <errno.h>
#include <stdlib.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/program.h"
#include "attach/kind/usdt/spec_lock.h"
#include "attach/kind/usdt/spec_map.h"
#include "attach/kind/usdt/spec_reclaim.h"
#include "scope.h"

static bool uses(uint32_t prog_id, uint32_t map_id)
{
	scoped_fd int prog = bpf_prog_by_id(prog_id);
	struct bpf_map_info info;

	if (prog < 0)
		return false;
	scoped_fd int map = program_map(prog, "__bpf_usdt_specs", &info);

	return map >= 0 && info.id == map_id;
}

static void mark(const struct specs_map *map, bool *held, uint64_t id)
{
	if (id < map->max)
		held[id] = true;
}

/* False when the link may hold any id. */
static bool ask_link(const struct specs_map *map, uint32_t link_id, bool *held)
{
	scoped_fd int fd = bpf_link_by_id(link_id);
	struct link_info info = { 0 };
	bool told = true;
	size_t i;

	if (fd < 0)
		return true; /* gone by now */
	if (!link_info_get(fd, &info) && uses(info.prog_id, map->id)) {
		told = info.has & LINK_HAS_COOKIE;
		if (!info.nsites)
			mark(map, held, info.cookie);
		for (i = 0; i < info.nsites; i++)
			mark(map, held, info.sites[i].cookie);
	}
	link_info_clear(&info);
	return told;
}

static bool ask_links(const struct specs_map *map, bool *held)
{
	uint32_t id = 0;
	int err;

	while (!(err = bpf_link_next(&id)))
		if (!ask_link(map, id, held))
			return false;
	return err == -ENOENT;
}

/* The ids that nobody alive has a lock on are ours until it is known. */
static void lock_all(struct specs_map *map, bool *locked)
{
	uint32_t id;

	for (id = 0; id < map->max; id++)
		locked[id] = map->entries[id].foreign &&
			     !map->entries[id].refs &&
			     specs_lock_alone(map->lock_fd, map->id, id);
}

static void free_all(struct specs_map *map, const bool *locked,
		     const bool *held)
{
	uint32_t id;

	for (id = 0; id < map->max; id++) {
		if (!locked[id])
			continue;
		if (held && !held[id]) {
			map->entries[id].foreign = false;
			specs_map_clear(map, id);
		}
		specs_lock_drop(map->lock_fd, map->id, id);
	}
}

void specs_map_reclaim(struct specs_map *map)
{
	scoped_free bool *held = calloc(map->max, sizeof(*held));
	scoped_free bool *locked = calloc(map->max, sizeof(*locked));

	/* Without cookies programs are on events, of which no list is. */
	if (!held || !locked || !feature_has(FEATURE_COOKIE))
		return;
	lock_all(map, locked);
	free_all(map, locked, ask_links(map, held) ? held : NULL);
}
