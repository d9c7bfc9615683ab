// SPDX-License-Identifier: BSD-2-Clause
/* specs.c - giving out the ids of USDT spec maps. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "attach/bpf.h"
#include "attach/link.h"
#include "attach/program.h"
#include "attach/specs.h"
#include "scope.h"

enum {
	FOREIGN = UINT32_MAX
}; /* references of an id that others hold */

struct entry { /* one id */
	uint32_t refs; /* 0: free; FOREIGN: never ours */
	uint64_t hash; /* of spec */
	struct spec *spec; /* NULL when free or foreign */
};

struct map {
	LIST_ENTRY(map) entry;
	uint32_t id;
	uint32_t max, value_size;
	size_t holders; /* struct specs on it */
	struct entry *entries; /* max of them */
};

struct specs {
	struct map *map;
	size_t n;
	uint32_t ids[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static LIST_HEAD(, map) maps = LIST_HEAD_INITIALIZER(maps);

static void map_free(struct map *map)
{
	uint32_t i;

	for (i = 0; map->entries && i < map->max; i++)
		free(map->entries[i].spec);
	free(map->entries);
	free(map);
}

/* The program uses the map. */
static bool uses(uint32_t prog_id, uint32_t map_id)
{
	scoped_fd int prog = bpf_prog_by_id(prog_id);
	struct bpf_map_info info;

	if (prog < 0)
		return false;
	scoped_fd int map = program_map(prog, "__bpf_usdt_specs", &info);

	return map >= 0 && info.id == map_id;
}

static void mark(struct map *map, uint64_t id)
{
	if (id < map->max)
		map->entries[id].refs =
			FOREIGN; /* its spec may stay, to share */
}

static void mark_link(struct map *map, int fd)
{
	struct link_info info;
	size_t i;

	if (!link_info_get(fd, &info) && uses(info.prog_id, map->id)) {
		if (info.has & LINK_HAS_COOKIE)
			mark(map, info.cookie);
		for (i = 0; i < info.nsites; i++)
			mark(map, info.sites[i].cookie);
	}
	link_info_clear(&info);
}

static void mark_foreign(struct map *map)
{
	uint32_t id = 0;
	int fd;

	while (!bpf_link_next(&id)) {
		fd = bpf_link_by_id(id);
		if (fd < 0)
			continue;
		mark_link(map, fd);
		close(fd);
	}
}

static struct map *map_make(const struct bpf_map_info *info)
{
	struct map *map = calloc(1, sizeof(*map));

	if (!map)
		return NULL;
	map->id = info->id;
	map->max = info->max_entries;
	map->value_size = info->value_size;
	map->entries = calloc(map->max, sizeof(*map->entries));
	if (!map->entries) {
		map_free(map);
		return NULL;
	}
	mark_foreign(map);
	LIST_INSERT_HEAD(&maps, map, entry);
	return map;
}

static struct map *map_get(int map_fd, struct err *e)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	struct map *map;
	int err = bpf_info(map_fd, &info, &size);

	if (err) {
		fail(e, -err, "the kernel does not describe the spec map");
		return NULL;
	}
	LIST_FOREACH(map, &maps, entry)
		if (map->id == info.id)
			return map;
	map = map_make(&info);
	if (!map)
		fail(e, ENOMEM, "no memory");
	return map;
}

static void map_put(struct map *map)
{
	if (map->holders)
		return;
	LIST_REMOVE(map, entry);
	map_free(map);
}

static bool entry_holds(const struct entry *entry, uint64_t hash,
			const struct spec *spec)
{
	return entry->spec && entry->hash == hash &&
	       spec_equal(entry->spec, spec);
}

/* The id that has the spec, else a free one, else max. */
static uint32_t find(const struct map *map, uint64_t hash,
		     const struct spec *spec)
{
	uint32_t free_id = map->max, id;

	for (id = map->max; id-- > 0;) {
		const struct entry *entry = &map->entries[id];

		if (entry_holds(entry, hash, spec))
			return id;
		if (!entry->refs && free_id == map->max)
			free_id = id;
	}
	return free_id;
}

static int take_one(struct map *map, int map_fd, const struct spec *spec,
		    uint32_t *id)
{
	uint64_t hash = spec_hash(spec);
	struct entry *entry;
	int err;

	*id = find(map, hash, spec);
	if (*id == map->max)
		return -E2BIG;
	entry = &map->entries[*id];
	if (entry->refs == FOREIGN)
		return 0;
	if (!entry->refs) {
		err = bpf_map_update(map_fd, id, spec->bytes, BPF_ANY);
		if (err)
			return err;
		entry->spec = malloc(sizeof(*spec));
		if (!entry->spec)
			return -ENOMEM;
		*entry->spec = *spec;
		entry->hash = hash;
	}
	entry->refs++;
	return 0;
}

static void give_one(struct map *map, uint32_t id)
{
	struct entry *entry = &map->entries[id];

	if (entry->refs == FOREIGN || --entry->refs)
		return;
	free(entry->spec);
	entry->spec = NULL;
}

static int compare_specs(const void *left, const void *right)
{
	const struct spec *const *a = left, *const *b = right;

	return memcmp((*a)->bytes, (*b)->bytes, (*a)->size);
}

static size_t count_different(const struct spec *list, size_t n)
{
	scoped_free const struct spec **sorted = calloc(n, sizeof(*sorted));
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

static int refuse(const struct map *map, int err, const struct spec *list,
		  size_t n, struct err *e)
{
	uint32_t used = 0, id;

	if (err != -E2BIG)
		return fail(e, -err,
			    "cannot write to the program's spec map: %s",
			    strerror(errno_clamp(-err)));
	for (id = 0; id < map->max; id++)
		used += map->entries[id].refs != 0;
	return fail(
		e, E2BIG,
		"%zu different argument specs are needed, and the program's map '__bpf_usdt_specs' has %" PRIu32
		", %" PRIu32
		" of them in use; build the program with a larger BPF_USDT_MAX_SPEC_CNT",
		count_different(list, n), map->max, used);
}

static struct specs *specs_make(struct map *map, size_t n)
{
	struct specs *specs =
		calloc(1, sizeof(*specs) + n * sizeof(specs->ids[0]));

	if (!specs)
		return NULL;
	specs->map = map;
	map->holders++;
	return specs;
}

static void give(struct specs *specs)
{
	while (specs->n)
		give_one(specs->map, specs->ids[--specs->n]);
	specs->map->holders--;
	map_put(specs->map);
	free(specs);
}

static int take_all(struct map *map, int map_fd, const struct spec *list,
		    size_t n, uint32_t *ids, struct specs **out, struct err *e)
{
	struct specs *specs = specs_make(map, n);
	int err = 0;
	size_t i;

	if (!specs) {
		map_put(map);
		return fail(e, ENOMEM, "no memory");
	}
	for (i = 0; i < n && !err; i++) {
		err = take_one(map, map_fd, &list[i], &ids[i]);
		if (!err)
			specs->ids[specs->n++] = ids[i];
	}
	if (err) {
		give(specs);
		return refuse(map, err, list, n, e);
	}
	*out = specs;
	return 0;
}

int specs_take(int map_fd, const struct spec *list, size_t n, uint32_t *ids,
	       struct specs **out, struct err *e)
{
	struct map *map;
	int err;

	pthread_mutex_lock(&lock);
	map = map_get(map_fd, e);
	err = map ? take_all(map, map_fd, list, n, ids, out, e) : -e->code;
	pthread_mutex_unlock(&lock);
	return err;
}

static int adopt_one(struct map *map, int map_fd, uint32_t id)
{
	struct entry *entry;
	struct spec spec = { .size = map->value_size };
	int err;

	if (id >= map->max)
		return -EINVAL;
	entry = &map->entries[id];
	if (entry->spec) {
		entry->refs++;
		return 0;
	}
	err = bpf_map_lookup(map_fd, &id, spec.bytes);
	if (err)
		return err;
	entry->spec = malloc(sizeof(spec));
	if (!entry->spec)
		return -ENOMEM;
	*entry->spec = spec;
	entry->hash = spec_hash(&spec);
	entry->refs = 1;
	return 0;
}

int specs_adopt(int map_fd, const uint32_t *ids, size_t n, struct specs **out,
		struct err *e)
{
	struct specs *specs = NULL;
	struct map *map;
	int err = 0;
	size_t i;

	pthread_mutex_lock(&lock);
	map = map_get(map_fd, e);
	if (map)
		specs = specs_make(map, n);
	if (!specs)
		err = fail(e, ENOMEM, "no memory");
	for (i = 0; i < n && !err; i++) {
		err = adopt_one(map, map_fd, ids[i]);
		if (!err)
			specs->ids[specs->n++] = ids[i];
		else
			fail(e, -err,
			     "the link's spec id %" PRIu32
			     " is not in the program's map",
			     ids[i]);
	}
	if (err && specs)
		give(specs);
	else
		*out = specs;
	pthread_mutex_unlock(&lock);
	return err;
}

void specs_give(struct specs *specs)
{
	if (!specs)
		return;
	pthread_mutex_lock(&lock);
	give(specs);
	pthread_mutex_unlock(&lock);
}

/* The map is still held by what was left, so that the marks stay. */
void specs_leave(struct specs *specs)
{
	if (!specs)
		return;
	pthread_mutex_lock(&lock);
	while (specs->n)
		mark(specs->map, specs->ids[--specs->n]);
	free(specs);
	pthread_mutex_unlock(&lock);
}
