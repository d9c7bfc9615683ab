// SPDX-License-Identifier: BSD-2-Clause
/* attr.c - owner, mode and times of nodes. */
#include <errno.h>
#include <fuse_lowlevel.h>

#include "fs/tree/attr.h"
#include "fs/tree/files.h"
#include "fs/tree/meta.h"
#include "fs/tree/scratch.h"

static bool is_dir(struct node node)
{
	return node.slot == SLOT_SELF && node.area != AREA_PROG &&
	       node.area != AREA_LINK && node.area != AREA_SCRATCH_FILE;
}

static int base_of_dir(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct policy *policy = tree->policy;
	struct node node = node_of(number);
	const struct probe *probe;

	attr->st_mode = S_IFDIR | policy->mode;
	attr->st_uid = policy->uid;
	attr->st_gid = policy->gid;
	attr->st_mtim = tree->started;
	attr->st_nlink = 1; /* nobody counts the directories in it */
	if (node.area < AREA_PROBE)
		return 0;
	probe = tree_find(tree, number);
	if (!probe)
		return -ENOENT;
	attr->st_mode = S_IFDIR | probe->config.mode;
	attr->st_uid = probe->config.uid;
	attr->st_gid = probe->config.gid;
	attr->st_mtim = probe->config.made;
	return 0;
}

static void apply_meta(struct tree *tree, uint64_t number, struct stat *attr)
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

static uint64_t dir_of(uint64_t number)
{
	struct node node = node_of(number);

	if (node.area == AREA_PROG)
		return node_number(AREA_PROGS, 0, SLOT_SELF);
	if (node.area == AREA_LINK)
		return node_number(AREA_LINKS, 0, SLOT_SELF);
	return node_number(node.area, node.object, SLOT_SELF);
}

static int dir_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	int err = base_of_dir(tree, number, attr);

	if (!err)
		apply_meta(tree, number, attr);
	return err;
}

/*
 * A file is open to whom its directory is open to: those who may not change
 * the directory may not write its files.
 */
static mode_t file_mode(const struct file *file, mode_t dir)
{
	mode_t mode = file->mode & 0444 & dir;

	if (file->mode & 0200)
		mode |= dir & 0222;
	return S_IFREG | mode;
}

static int scratch_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct scratch *scratch = scratch_find(tree, number);

	*attr = (struct stat){ .st_ino = number };
	if (!scratch)
		return -ENOENT;
	attr->st_nlink = scratch->gone ? 0 : 1;
	attr->st_mode = scratch->mode;
	attr->st_uid = scratch->uid;
	attr->st_gid = scratch->gid;
	attr->st_mtim = scratch->written;
	attr->st_size = (off_t)scratch->size;
	apply_meta(tree, number, attr);
	return 0;
}

int attr_get(struct tree *tree, uint64_t number, struct stat *attr)
{
	struct node node = node_of(number);
	struct timespec written = tree->started;
	struct file file;
	int err;

	if (node_is_scratch(node))
		return scratch_attr(tree, number, attr);
	*attr = (struct stat){ 0 };
	err = dir_attr(tree, is_dir(node) ? number : dir_of(number), attr);
	attr->st_ino = number;
	if (err || is_dir(node))
		return err;
	if (!file_of(node, &file))
		return -ENOENT;
	attr->st_mode = file_mode(&file, attr->st_mode);
	attr->st_nlink = 1;
	/* A file never written is as old as the mount: rsync goes by that. */
	attr->st_mtim = written;
	apply_meta(tree, number, attr);
	return 0;
}

static struct timespec now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts;
}

int attr_set(struct tree *tree, uint64_t number, const struct stat *attr,
	     int to_set)
{
	struct meta *meta = meta_make(tree, number);

	if (!meta)
		return -ENOMEM;
	if (to_set & FUSE_SET_ATTR_MODE)
		meta->mode = attr->st_mode & 07777;
	if (to_set & FUSE_SET_ATTR_UID)
		meta->uid = attr->st_uid;
	if (to_set & FUSE_SET_ATTR_GID)
		meta->gid = attr->st_gid;
	if (to_set & FUSE_SET_ATTR_ATIME)
		meta->atime = to_set & FUSE_SET_ATTR_ATIME_NOW ? now()
							       : attr->st_atim;
	if (to_set & FUSE_SET_ATTR_MTIME)
		meta->mtime = to_set & FUSE_SET_ATTR_MTIME_NOW ? now()
							       : attr->st_mtim;
	meta->set |= (unsigned int)to_set;
	meta_touch(tree, number, false);
	return 0;
}

void attr_touch(struct tree *tree, uint64_t number)
{
	if (tree_find(tree, number))
		meta_touch(tree, number, true);
}

/*
 * Objects of the kernel come and go by themselves.  After rename(2) the kernel
 * gives the name the node that was renamed, which in a probe's directory is not
 * the one that has the name then.
 */
double entry_timeout(uint64_t number)
{
	struct node node = node_of(number);
	bool moves = node.area == AREA_PROG || node.area == AREA_LINK ||
		     node_is_scratch(node) ||
		     (node.area >= AREA_PROBE && node.slot != SLOT_SELF);

	return moves ? KEEP_NOT : KEEP_LONG;
}

/*
 * A walk to a name that is not kept asks for it, and is told the attributes:
 * they are good for the call that walks, which would ask again.  The kernel
 * rounds up to its next tick.
 */
double attr_timeout(uint64_t number)
{
	static const double this_call = 1e-6;

	if (is_dir(node_of(number)))
		return KEEP_LONG;
	return entry_timeout(number) > 0 ? KEEP_NOT : this_call;
}
