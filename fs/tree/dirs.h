/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dirs.h - names in directories.
 */
#ifndef FS_TREE_DIRS_H
#define FS_TREE_DIRS_H

#include "fs/tree/area.h"

/*
 * The number of the node that has that name in that directory, or -ENOENT.  No
 * lock.
 */
int dir_lookup(struct tree *tree, uint64_t dir, const char *name,
	       uint64_t *number);

/*
 * Adds what stands in the directory after the place `offset` (0: the start),
 * until add() returns false.  A place stays good while others are made and
 * removed.  No lock.
 */
void dir_list(struct tree *tree, uint64_t dir, uint64_t offset,
	      struct dir_sink *sink);

#endif
