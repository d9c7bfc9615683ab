/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * meta.h - what was set on nodes by chmod, chown, utimens or a change.
 *
 * Locking: everything wants tree.lock held.
 */
#ifndef FS_TREE_META_H
#define FS_TREE_META_H

#include "fs/tree/tree.h"

enum { METAS_OF_OBJECTS = 1024 }; /* of programs, and of links, of the kernel */

/*
 * The meta of a node: NULL when nothing was set.  Of nodes of the kernel's
 * objects those of the highest ids are kept.
 */
struct meta *meta_find(struct tree *tree, uint64_t number);
struct meta *meta_make(struct tree *tree, uint64_t number);
/* Its contents, or only what meta holds, change now. */
void meta_touch(struct tree *tree, uint64_t number, bool contents);
/* What was set of them. */
void meta_apply(struct tree *tree, uint64_t number, struct stat *attr);
/* Forgets the metas of the nodes first to last, both included. */
void meta_drop(struct tree *tree, uint64_t first, uint64_t last);

#endif
