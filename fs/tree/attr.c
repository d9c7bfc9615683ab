// SPDX-License-Identifier: BSD-2-Clause
/* attr.c - owner, mode and times of nodes. */
#include <errno.h>
#include <fuse_lowlevel.h>

#include "fs/tree/attr.h"
#include "fs/tree/files.h"
#include "fs/tree/meta.h"

static bool is_dir(struct node node)
{
	return node.slot == SLOT_SELF && !area_of(node)->is_file;
}

/*
 * A file is open to the users that its directory is open to: those that may not
 * change the directory may not write its files, nor read those of mode 0400.
 */
static mode_t file_mode(const struct file *file, mode_t dir)
{
	mode_t mode = file->mode & 0444 & dir;

	if (mode == 0400 && !(file->mode & 0044))
		mode = (dir & 0222) << 1 & dir;
	if (file->mode & 0200)
		mode |= dir & 0222;
	return S_IFREG | mode;
}

/* number is that of its directory, or of what is in no directory of its own. */
static int dir_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	int err = area_at(number)->attr(tree, number, attr);

	if (!err)
		meta_apply(tree, number, attr);
	return err;
}

static int file_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	struct file file;

	if (!file_of(node_of(number), &file))
		return -ENOENT;
	attr->st_mode = file_mode(&file, attr->st_mode);
	/*
	 * A file never written is as old as the mount: rsync goes by that.  What
	 * all mounts have alike is of no time, so that it is not copied.
	 */
	attr->st_mtim = area_at(number)->holds == HOLDS_PROBES
				? (struct timespec){ 0 }
				: tree->started;
	meta_apply(tree, number, attr);
	return 0;
}

int attr_get(struct tree *tree, uint64_t number, struct stat *attr)
{
	struct node node = node_of(number);
	int err;

	/* Nobody counts the directories in one. */
	*attr = (struct stat){ .st_ino = number, .st_nlink = 1 };
	err = dir_attr(tree, node_number(node.area, node.object, SLOT_SELF),
		       attr);
	if (err || is_dir(node) || node_is_scratch(node))
		return err;
	return file_attr(tree, number, attr);
}

gid_t attr_group(struct tree *tree, uint64_t dir, gid_t gid)
{
	struct stat attr;

	if (!attr_get(tree, dir, &attr) && attr.st_mode & S_ISGID)
		return attr.st_gid;
	return gid;
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
 * Some names come and go by themselves.  After rename(2) the kernel gives the
 * name the node that was renamed, which in a probe's directory is not the one
 * that has the name then.
 */
double entry_timeout(uint64_t number)
{
	const struct area *area = area_at(number);

	if (node_of(number).slot == SLOT_SELF || area->is_file)
		return area->comes_and_goes ? KEEP_NOT : KEEP_LONG;
	return area->files_move ? KEEP_NOT : KEEP_LONG;
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
