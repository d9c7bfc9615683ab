// SPDX-License-Identifier: BSD-2-Clause
/* tree.c - finding, making and removing probes. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/handle.h"
#include "fs/tree/patrol.h"
#include "fs/tree/quota.h"
#include "fs/tree/scratch.h"
#include "fs/tree/tree.h"
#include "fs/tree/watch.h"
#include "scope.h"

static int compare_ids(const struct probe *a, const struct probe *b)
{
	return (a->id > b->id) - (a->id < b->id);
}

static int compare_names(const struct probe *a, const struct probe *b)
{
	return strcmp(a->config.name, b->config.name);
}

static int compare_metas(const struct meta *a, const struct meta *b)
{
	return (a->number > b->number) - (a->number < b->number);
}

/* clang-format off */
RB_GENERATE_INTERNAL(probes_by_id, probe, by_id, compare_ids, __attribute__((unused)) static)
RB_GENERATE_INTERNAL(probes_by_name, probe, by_name, compare_names, __attribute__((unused)) static)
RB_GENERATE_INTERNAL(metas, meta, entry, compare_metas, __attribute__((unused)) static)
/* clang-format on */

struct tree *tree_new(const struct policy *policy)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	size_t i;

	if (!tree)
		return NULL;
	while (kinds[tree->nkind_dirs])
		tree->nkind_dirs++;
	tree->kind_dirs = calloc(tree->nkind_dirs, sizeof(*tree->kind_dirs));
	tree->handles = handles_new();
	if (!tree->kind_dirs || !tree->handles) {
		free(tree->kind_dirs);
		handles_free(tree->handles);
		free(tree);
		return NULL;
	}
	pthread_mutex_init(&tree->lock, NULL);
	pthread_cond_init(&tree->quiet, NULL);
	pthread_cond_init(&tree->patrolled, NULL);
	clock_gettime(CLOCK_REALTIME, &tree->started);
	tree->policy = policy;
	RB_INIT(&tree->metas);
	RB_INIT(&tree->scratches);
	LIST_INIT(&tree->quotas);
	LIST_INIT(&tree->watched);
	for (i = 0; i < tree->nkind_dirs; i++) {
		tree->kind_dirs[i].kind = kinds[i];
		tree->kind_dirs[i].next_id = 1;
		RB_INIT(&tree->kind_dirs[i].by_id);
		RB_INIT(&tree->kind_dirs[i].by_name);
	}
	return tree;
}

static void probe_free(struct tree *tree, struct probe *probe)
{
	if (probe->attached && pin_alive(&probe->pin))
		attachment_outlives(probe->attached->attachment);
	pin_forget(&probe->pin);
	attached_retire(tree, probe->attached);
	fd_close(probe->prog_fd);
	config_clear(&probe->config);
	free(probe);
}

static void kind_dir_clear(struct tree *tree, struct kind_dir *kind_dir)
{
	struct probe *probe, *next;
	struct watchers ignored;

	RB_FOREACH_SAFE(probe, probes_by_id, &kind_dir->by_id, next) {
		scratch_remove_all(tree, probe);
		quota_give(tree, probe->owner);
		watch_take(probe, &ignored);
		watch_drop(&ignored);
		RB_REMOVE(probes_by_id, &kind_dir->by_id, probe);
		probe_free(tree, probe);
	}
	free(kind_dir->error);
}

void tree_free(struct tree *tree)
{
	struct meta *meta, *next;
	size_t i;

	if (!tree)
		return;
	patrol_end(tree);
	for (i = 0; i < tree->nkind_dirs; i++)
		kind_dir_clear(tree, &tree->kind_dirs[i]);
	scratch_free_all(tree);
	RB_FOREACH_SAFE(meta, metas, &tree->metas, next) {
		RB_REMOVE(metas, &tree->metas, meta);
		free(meta);
	}
	handles_free(tree->handles);
	free(tree->kind_dirs);
	free(tree->error);
	pthread_cond_destroy(&tree->patrolled);
	pthread_cond_destroy(&tree->quiet);
	pthread_mutex_destroy(&tree->lock);
	free(tree);
}

const struct kind *kind_of(struct node node)
{
	size_t place;

	return node_kind(node, &place) ? kind_at(place) : NULL;
}

static struct kind_dir *kind_dir_of(const struct tree *tree, unsigned int area)
{
	size_t place = area - AREA_PROBE;

	if (area < AREA_PROBE || place >= tree->nkind_dirs)
		return NULL;
	return &tree->kind_dirs[place];
}

struct probe *tree_find(struct tree *tree, uint64_t number)
{
	struct node node = node_of(number);
	struct kind_dir *kind_dir = kind_dir_of(tree, node.area);
	struct probe key = { .id = node.object };

	return kind_dir ? RB_FIND(probes_by_id, &kind_dir->by_id, &key) : NULL;
}

struct probe *kind_dir_find(struct kind_dir *kind_dir, const char *name)
{
	struct probe key = { .config.name = (char *)(uintptr_t)name };

	return RB_FIND(probes_by_name, &kind_dir->by_name, &key);
}

struct probe *kind_dir_next(struct kind_dir *kind_dir, uint64_t id)
{
	struct probe key = { .id = id + 1 };

	return RB_NFIND(probes_by_id, &kind_dir->by_id, &key);
}

uint64_t probe_number(const struct tree *tree, const struct probe *probe)
{
	unsigned int area = AREA_PROBE;

	while (tree->kind_dirs[area - AREA_PROBE].kind != probe->config.kind)
		area++;
	return node_number(area, probe->id, SLOT_SELF);
}

static uint64_t kind_dir_number(const struct tree *tree,
				const struct kind_dir *kind_dir)
{
	return node_number(AREA_KIND, (uint64_t)(kind_dir - tree->kind_dirs),
			   SLOT_SELF);
}

int tree_make(struct tree *tree, struct kind_dir *kind_dir,
	      struct config *config, struct probe **out, struct err *e)
{
	uint64_t max = tree->policy->max_probes;
	uid_t owner;
	struct probe *probe;
	int err;

	if (kind_dir_find(kind_dir, config->name))
		return fail(e, EEXIST, "'%s' exists", config->name);
	if (tree->count >= max)
		return fail(
			e, ENOSPC,
			"there are %" PRIu64
			" probes, as many as the mount option max_probes allows",
			max);
	err = quota_take(tree, config->uid, &owner, e);
	if (err)
		return err;
	probe = calloc(1, sizeof(*probe));
	if (!probe) {
		quota_give(tree, owner);
		return fail(e, ENOMEM, "no memory");
	}
	probe->id = kind_dir->next_id++;
	probe->config = *config;
	probe->owner = owner;
	probe->pin = probe->pin_next = PIN_NONE;
	probe->prog_fd = -1;
	LIST_INIT(&probe->scratches);
	LIST_INIT(&probe->watchers);
	RB_INSERT(probes_by_id, &kind_dir->by_id, probe);
	RB_INSERT(probes_by_name, &kind_dir->by_name, probe);
	tree->count++;
	meta_touch(tree, kind_dir_number(tree, kind_dir), true);
	*out = probe;
	return 0;
}

struct meta *meta_find(struct tree *tree, uint64_t number)
{
	struct meta key = { .number = number };

	return RB_FIND(metas, &tree->metas, &key);
}

/*
 * Nodes of the kernel's objects are not told when those go.  Their ids grow, so
 * that the first are most likely to be of what is gone.
 */
static void meta_bound(struct tree *tree, unsigned int area)
{
	struct meta key = { .number = node_number(area, 0, 0) }, *first, *meta;
	size_t count = 0;

	first = RB_NFIND(metas, &tree->metas, &key);
	for (meta = first; meta && node_of(meta->number).area == area;
	     meta = RB_NEXT(metas, &tree->metas, meta))
		count++;
	if (count >= METAS_OF_OBJECTS)
		meta_drop(tree, first->number, first->number);
}

struct meta *meta_make(struct tree *tree, uint64_t number)
{
	struct meta *meta = meta_find(tree, number);
	unsigned int area = node_of(number).area;

	if (meta)
		return meta;
	if (area == AREA_PROG || area == AREA_LINK)
		meta_bound(tree, area);
	meta = calloc(1, sizeof(*meta));
	if (!meta)
		return NULL;
	meta->number = number;
	RB_INSERT(metas, &tree->metas, meta);
	return meta;
}

/* Without memory the times stay as they were. */
void meta_touch(struct tree *tree, uint64_t number, bool contents)
{
	struct meta *meta = meta_make(tree, number);

	if (!meta)
		return;
	clock_gettime(CLOCK_REALTIME, &meta->ctime);
	meta->set |= FUSE_SET_ATTR_CTIME;
	if (!contents)
		return;
	meta->mtime = meta->ctime;
	meta->set |= FUSE_SET_ATTR_MTIME;
}

void meta_drop(struct tree *tree, uint64_t first, uint64_t last)
{
	struct meta key = { .number = first }, *meta, *next;

	meta = RB_NFIND(metas, &tree->metas, &key);
	for (; meta && meta->number <= last; meta = next) {
		next = RB_NEXT(metas, &tree->metas, meta);
		RB_REMOVE(metas, &tree->metas, meta);
		free(meta);
	}
}

int probe_claim(struct tree *tree, uint64_t number, bool renews,
		struct probe **probe, struct err *e)
{
	int err = 0;

	pthread_mutex_lock(&tree->lock);
	while ((*probe = tree_find(tree, number)) && (*probe)->renewing)
		pthread_cond_wait(&tree->quiet, &tree->lock);
	if (!*probe)
		err = fail(e, ENOENT, "the probe was removed");
	else if ((*probe)->busy)
		err = fail(
			e, EBUSY,
			"another write to this probe, or its removal, is under way");
	if (!err) {
		(*probe)->busy = true;
		(*probe)->renewing = renews;
	}
	pthread_mutex_unlock(&tree->lock);
	return err;
}

void probe_release(struct tree *tree, struct probe *probe, bool changed)
{
	struct watchers woken = LIST_HEAD_INITIALIZER(woken);

	pthread_mutex_lock(&tree->lock);
	probe->busy = false;
	if (probe->renewing)
		pthread_cond_broadcast(&tree->quiet);
	probe->renewing = false;
	if (changed) {
		probe->changes++;
		probe->lost = 0;
		watch_take(probe, &woken);
	}
	pthread_mutex_unlock(&tree->lock);
	watch_wake(&woken);
}

void probe_remove(struct tree *tree, struct probe *probe)
{
	uint64_t number = probe_number(tree, probe);
	struct kind_dir *kind_dir = kind_dir_of(tree, node_of(number).area);
	struct watchers woken;

	pthread_mutex_lock(&tree->lock);
	scratch_remove_all(tree, probe);
	quota_give(tree, probe->owner);
	RB_REMOVE(probes_by_id, &kind_dir->by_id, probe);
	RB_REMOVE(probes_by_name, &kind_dir->by_name, probe);
	tree->count--;
	meta_touch(tree, kind_dir_number(tree, kind_dir), true);
	meta_drop(tree, number & ~UINT64_C(0xff), number | 0xff);
	watch_take(probe, &woken);
	pthread_mutex_unlock(&tree->lock);
	watch_wake(&woken);
	probe_free(tree, probe);
}

struct attached *attached_new(struct attachment *attachment,
			      const struct caller *caller)
{
	struct attached *attached = calloc(1, sizeof(*attached));

	if (!attached) {
		attachment_free(attachment);
		return NULL;
	}
	attached->attachment = attachment;
	attached->builtin = builtin_of(attachment->prog_fd);
	if (attachment_file(attachment))
		attached->mandate = mandate_get(caller, NULL);
	return attached;
}

struct attached *attached_get(struct probe *probe)
{
	if (probe->attached)
		probe->attached->readers++;
	return probe->attached;
}

void attached_put(struct tree *tree, struct attached *attached)
{
	if (!attached)
		return;
	pthread_mutex_lock(&tree->lock);
	if (!--attached->readers)
		pthread_cond_broadcast(&tree->quiet);
	pthread_mutex_unlock(&tree->lock);
}

void attached_retire(struct tree *tree, struct attached *attached)
{
	if (!attached)
		return;
	pthread_mutex_lock(&tree->lock);
	while (attached->readers)
		pthread_cond_wait(&tree->quiet, &tree->lock);
	pthread_mutex_unlock(&tree->lock);
	attachment_free(attached->attachment);
	mandate_put(attached->mandate);
	free(attached);
}
