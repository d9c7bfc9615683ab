/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attached.h - what is attached, while some look at it.
 */
#ifndef FS_TREE_ATTACHED_H
#define FS_TREE_ATTACHED_H

#include "fs/tree/tree.h"

/*
 * A struct attached of an attachment (which is taken over) that the caller
 * makes; NULL without memory.
 */
struct attached *attached_new(struct attachment *attachment,
			      const struct caller *caller);
/*
 * Frees what no probe refers to any more: waits for its readers, then detaches.
 * Returns when the program can no longer run through it.  NULL is fine.
 */
void attached_retire(struct tree *tree, struct attached *attached);

/*
 * Hands out what is attached, for looking; NULL when nothing is.  The lock is
 * held.
 */
struct attached *attached_get(struct probe *probe);
void attached_put(struct tree *tree,
		  struct attached *attached); /* NULL is fine */

#endif
