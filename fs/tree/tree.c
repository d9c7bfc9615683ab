// SPDX-License-Identifier: BSD-2-Clause
/* tree.c - the directories of kinds, and finding probes in them. */
#include <stdlib.h>
#include <string.h>

#include "fs/tree/handle.h"
#include "fs/tree/meta.h"
#include "fs/tree/tree.h"

static int compare_ids(const struct probe *a, const struct probe *b)
{
	return (a->id > b->id) - (a->id < b->id);
}

static int compare_names(const struct probe *a, const struct probe *b)
{
	return strcmp(a->config.name, b->config.name);
}

/* clang-format off */
RB_GENERATE_INTERNAL(probes_by_id, probe, by_id, compare_ids, __attribute__((unused)) static)
RB_GENERATE_INTERNAL(probes_by_name, probe, by_name, compare_names, __attribute__((unused)) static)
/* clang-format on */

static void kind_dir_init(struct kind_dir *kind_dir, size_t place)
{
	kind_dir->kind = kinds[place];
	kind_dir->place = place;
	kind_dir->area = node_probe_area(place);
	kind_dir->number = node_number(AREA_KIND, place, SLOT_SELF);
	kind_dir->next_id = 1;
	RB_INIT(&kind_dir->by_id);
	RB_INIT(&kind_dir->by_name);
}

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
	TAILQ_INIT(&tree->uploads);
	LIST_INIT(&tree->streams);
	LIST_INIT(&tree->runs);
	LIST_INIT(&tree->watched);
	for (i = 0; i < tree->nkind_dirs; i++)
		kind_dir_init(&tree->kind_dirs[i], i);
	return tree;
}

void tree_free(struct tree *tree)
{
	size_t i;

	if (!tree)
		return;
	for (i = 0; i < tree->nkind_dirs; i++)
		free(tree->kind_dirs[i].error);
	meta_drop(tree, 0, UINT64_MAX);
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

struct kind_dir *kind_dir_of(const struct tree *tree, struct node node)
{
	size_t place;

	if (!node_kind(node, &place) || place >= tree->nkind_dirs)
		return NULL;
	return &tree->kind_dirs[place];
}

struct probe *tree_find(struct tree *tree, uint64_t number)
{
	struct node node = node_of(number);
	struct kind_dir *kind_dir = kind_dir_of(tree, node);
	struct probe key = { .id = node.object };

	if (!kind_dir || kind_dir->area != node.area)
		return NULL;
	return RB_FIND(probes_by_id, &kind_dir->by_id, &key);
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

void kind_dir_add(struct kind_dir *kind_dir, struct probe *probe)
{
	RB_INSERT(probes_by_id, &kind_dir->by_id, probe);
	RB_INSERT(probes_by_name, &kind_dir->by_name, probe);
}

void kind_dir_drop(struct kind_dir *kind_dir, struct probe *probe)
{
	RB_REMOVE(probes_by_id, &kind_dir->by_id, probe);
	RB_REMOVE(probes_by_name, &kind_dir->by_name, probe);
}

uint64_t probe_number(const struct probe *probe)
{
	return node_number(probe->kind_dir->area, probe->id, SLOT_SELF);
}

/* Names the probe that keeps the descriptor, if that is asked for. */
static void name_holder(const struct probe *probe, int fd, char **names,
			size_t nfds)
{
	if (fd < 0 || (size_t)fd >= nfds || names[fd] != HOLDER_WANTED)
		return;
	if (asprintf(&names[fd], "%s/%s", probe->config.kind->name,
		     probe->config.name) < 0)
		names[fd] = HOLDER_WANTED;
}

static void name_holders_of(const struct probe *probe, char **names,
			    size_t nfds)
{
	const struct attachment *a =
		probe->attached ? probe->attached->attachment : NULL;
	size_t i;

	name_holder(probe, probe->prog_fd, names, nfds);
	if (!a)
		return;
	name_holder(probe, a->prog_fd, names, nfds);
	for (i = 0; i < a->nlinks; i++)
		name_holder(probe, a->links[i].fd, names, nfds);
}

void tree_name_holders(struct tree *tree, char **names, size_t nfds)
{
	struct probe *probe;
	size_t i;

	pthread_mutex_lock(&tree->lock);
	for (i = 0; i < tree->nkind_dirs; i++)
		RB_FOREACH(probe, probes_by_id, &tree->kind_dirs[i].by_id)
			name_holders_of(probe, names, nfds);
	pthread_mutex_unlock(&tree->lock);
}
