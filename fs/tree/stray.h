/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stray.h - files beside those of a probe that were meant to be one of them.
 */
#ifndef FS_TREE_STRAY_H
#define FS_TREE_STRAY_H

#include "fs/tree/tree.h"

/* What is said of a file, while it is there. */
struct stray {
	char *name; /* NULL: no file is stray */
	char *sentence;
};

/* The first of the probe of that node.  Takes the lock. */
void stray_find(struct tree *tree, uint64_t number, struct stray *stray);
void stray_clear(struct stray *stray);

#endif
