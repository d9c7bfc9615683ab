// SPDX-License-Identifier: BSD-2-Clause
/* spec_ids.c - giving out the ids of USDT spec maps. */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kind/usdt/spec_ids.h"
#include "attach/kind/usdt/spec_map.h"
#include "attach/kind/usdt/spec_reclaim.h"
#include "scope.h"

struct specs {
	struct specs_map *map;
	size_t n;
	uint32_t ids[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static LIST_HEAD(, specs_map) maps = LIST_HEAD_INITIALIZER(maps);

static struct specs_map *map_find(uint32_t id)
{
	struct specs_map *map;

	LIST_FOREACH(map, &maps, link)
		if (map->id == id)
			break;
	return map;
}

static int map_get(int fd, struct specs_map **out, struct err *e)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	int err = bpf_info(fd, &info, &size);

	if (err)
		return fail(e, -err,
			    "the kernel does not describe the spec map");
	err = spec_check_size(info.value_size, e);
	if (err)
		return err;
	*out = map_find(info.id);
	if (!*out) {
		err = specs_map_make(fd, &info, out);
		if (err)
			return fail(e, -err, "no room for the spec ids: %s",
				    strerror(errno_clamp(-err)));
		LIST_INSERT_HEAD(&maps, *out, link);
	}
	(*out)->holders++;
	return 0;
}

static void map_put(struct specs_map *map)
{
	if (--map->holders)
		return;
	LIST_REMOVE(map, link);
	specs_map_free(map);
}

/* Room for n ids, none of them held yet. */
static int specs_make(int map_fd, size_t n, struct specs **out, struct err *e)
{
	struct specs *specs =
		calloc(1, sizeof(*specs) + n * sizeof(specs->ids[0]));
	int err = 0;

	if (!specs)
		return fail(e, ENOMEM, "no memory for the spec ids");
	err = map_get(map_fd, &specs->map, e);
	if (err)
		free(specs);
	else
		*out = specs;
	return err;
}

static void give_all(struct specs *specs, bool left)
{
	while (specs->n)
		specs_map_give(specs->map, specs->ids[--specs->n], left);
}

static void specs_free(struct specs *specs, bool left)
{
	give_all(specs, left);
	map_put(specs->map);
	free(specs);
}

static int compare_specs(const void *left, const void *right)
{
	const struct usdt_spec *const *a = left, *const *b = right;

	return memcmp((*a)->bytes, (*b)->bytes, (*a)->size);
}

static size_t count_different(const struct usdt_spec *list, size_t n)
{
	scoped_free const struct usdt_spec **sorted =
		calloc(n, sizeof(*sorted));
	size_t i, different = n ? 1 : 0;

	if (!sorted)
		return n;
	for (i = 0; i < n; i++)
		sorted[i] = &list[i];
	qsort(sorted, n, sizeof(*sorted), compare_specs);
	for (i = 1; i < n; i++)
		different += compare_specs(&sorted[i - 1], &sorted[i]) != 0;
	return different;
}

/* Too many for any map of that size, or only for what is free of it. */
static int refuse_room(const struct specs_map *map, size_t needed,
		       struct err *e)
{
	if (needed > map->max)
		return fail(e, E2BIG,
			    "%zu different argument specs are needed, and the "
			    "program's map '__bpf_usdt_specs' has room for "
			    "%" PRIu32 "; build the program with a larger "
			    "BPF_USDT_MAX_SPEC_CNT",
			    needed, map->max);
	return fail(e, ENOSPC,
		    "%zu different argument specs are needed, and the "
		    "program's map '__bpf_usdt_specs' has room for %" PRIu32
		    ", with %" PRIu32
		    " in use by other probes; detach some, or build the "
		    "program with a larger BPF_USDT_MAX_SPEC_CNT",
		    needed, map->max, specs_map_used(map));
}

static int refuse(int err, const struct specs_map *map,
		  const struct usdt_spec *list, size_t n, struct err *e)
{
	if (err == -ENOSPC)
		return refuse_room(map, count_different(list, n), e);
	return fail(e, -err, "cannot write to the program's spec map: %s",
		    strerror(errno_clamp(-err)));
}

/* Asking all links takes long, so only when no id is free without. */
static int take_or_reclaim(struct specs_map *map, const struct usdt_spec *spec,
			   uint32_t *id)
{
	int err = specs_map_take(map, spec, id);

	if (err != -ENOSPC)
		return err;
	specs_map_reclaim(map);
	return specs_map_take(map, spec, id);
}

static int take_all(struct specs *specs, const struct usdt_spec *list, size_t n,
		    uint32_t *ids, struct err *e)
{
	int err = 0;
	size_t i;

	for (i = 0; i < n && !err; i++) {
		err = take_or_reclaim(specs->map, &list[i], &ids[i]);
		if (!err)
			specs->ids[specs->n++] = ids[i];
	}
	if (!err)
		return 0;
	give_all(specs, false);
	return refuse(err, specs->map, list, n, e);
}

int specs_take(int map_fd, const struct usdt_spec *list, size_t n,
	       uint32_t *ids, struct specs **out, struct err *e)
{
	struct specs *specs = NULL;
	int err;

	pthread_mutex_lock(&lock);
	err = specs_make(map_fd, n, &specs, e);
	if (!err)
		err = take_all(specs, list, n, ids, e);
	if (err && specs)
		specs_free(take(specs), false);
	pthread_mutex_unlock(&lock);
	*out = specs;
	return err;
}

static int adopt_all(struct specs *specs, const uint32_t *ids, size_t n,
		     struct err *e)
{
	size_t i;
	int err;

	for (i = 0; i < n; i++) {
		err = specs_map_adopt(specs->map, ids[i]);
		if (err)
			return fail(e, -err,
				    "the link's spec id %" PRIu32
				    " is not in the program's map",
				    ids[i]);
		specs->ids[specs->n++] = ids[i];
	}
	return 0;
}

int specs_adopt(int map_fd, const uint32_t *ids, size_t n, struct specs **out,
		struct err *e)
{
	struct specs *specs = NULL;
	int err;

	pthread_mutex_lock(&lock);
	err = specs_make(map_fd, n, &specs, e);
	if (!err)
		err = adopt_all(specs, ids, n, e);
	if (err && specs)
		specs_free(take(specs), true);
	pthread_mutex_unlock(&lock);
	*out = specs;
	return err;
}

static void let_go(struct specs *specs, bool left)
{
	if (!specs)
		return;
	pthread_mutex_lock(&lock);
	specs_free(specs, left);
	pthread_mutex_unlock(&lock);
}

void specs_give(struct specs *specs)
{
	let_go(specs, false);
}

void specs_leave(struct specs *specs)
{
	let_go(specs, true);
}
