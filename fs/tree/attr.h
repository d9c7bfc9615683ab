/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attr.h - owner, mode, times and length of a node.
 */
#ifndef FS_TREE_ATTR_H
#define FS_TREE_ATTR_H

#include <sys/stat.h>

#include "fs/tree/tree.h"

enum {
	/* Seconds.  Names and directories change through this mount alone, so
	   the kernel may keep them; texts change behind its back. */
	KEEP_LONG = 3600,
	KEEP_NOT = 0,
};

/*
 * Everything but the length of a file.  -ENOENT when the node is gone.  The
 * lock is held.
 */
int attr_get(struct tree *tree, uint64_t number, struct stat *attr);

/* to_set: FUSE_SET_ATTR_...; the lock is held. */
int attr_set(struct tree *tree, uint64_t number, const struct stat *attr,
	     int to_set);

/* Of what a user of that group makes in the directory.  The lock is held. */
gid_t attr_group(struct tree *tree, uint64_t dir, gid_t gid);

/*
 * A write was accepted, or a name in a directory came or went.  The lock is
 * held.
 */
void attr_touch(struct tree *tree, uint64_t number);

/* How long the kernel may keep the node's attributes, and its name. */
double attr_timeout(uint64_t number);
double entry_timeout(uint64_t number);

#endif
