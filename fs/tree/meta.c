// SPDX-License-Identifier: BSD-2-Clause
/* meta.c - what was set on nodes. */
#include <fuse_lowlevel.h>
#include <stdlib.h>

#include "fs/tree/area.h"
#include "fs/tree/meta.h"

static int compare_metas(const struct meta *a, const struct meta *b)
{
	return (a->number > b->number) - (a->number < b->number);
}

/* clang-format off */
RB_GENERATE_INTERNAL(metas, meta, entry, compare_metas, __attribute__((unused)) static)
/* clang-format on */

struct meta *meta_find(struct tree *tree, uint64_t number)
{
	struct meta key = { .number = number };

	return RB_FIND(metas, &tree->metas, &key);
}

/*
 * Nodes of the kernel's objects are not told when those go.  Their ids grow, so
 * that the first are most likely to be of what is gone.
 */
static void meta_bound(struct tree *tree, unsigned int area, size_t max)
{
	struct meta key = { .number = node_number(area, 0, 0) }, *first, *meta;
	size_t count = 0;

	first = RB_NFIND(metas, &tree->metas, &key);
	for (meta = first; meta && node_of(meta->number).area == area;
	     meta = RB_NEXT(metas, &tree->metas, meta))
		count++;
	if (count >= max)
		meta_drop(tree, first->number, first->number);
}

struct meta *meta_make(struct tree *tree, uint64_t number)
{
	struct meta *meta = meta_find(tree, number);
	unsigned int area = node_of(number).area;

	if (meta)
		return meta;
	if (area_at(number)->metas)
		meta_bound(tree, area, area_at(number)->metas);
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
		free(meta->error);
		free(meta);
	}
}

void meta_apply(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct meta *meta = meta_find(tree, number);

	attr->st_atim = attr->st_ctim = attr->st_mtim;
	if (!meta)
		return;
	if (meta->set & FUSE_SET_ATTR_MODE)
		attr->st_mode = (attr->st_mode & S_IFMT) | meta->mode;
	if (meta->set & FUSE_SET_ATTR_UID)
		attr->st_uid = meta->uid;
	if (meta->set & FUSE_SET_ATTR_GID)
		attr->st_gid = meta->gid;
	if (meta->set & FUSE_SET_ATTR_ATIME)
		attr->st_atim = meta->atime;
	if (meta->set & FUSE_SET_ATTR_MTIME)
		attr->st_mtim = meta->mtime;
	if (meta->set & FUSE_SET_ATTR_CTIME)
		attr->st_ctim = meta->ctime;
}
