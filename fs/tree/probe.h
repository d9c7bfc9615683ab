/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe.h - the life of probes.
 */
#ifndef FS_TREE_PROBE_H
#define FS_TREE_PROBE_H

#include "fs/tree/tree.h"

/*
 * Makes a probe.  config is taken over on success.  EEXIST, ENOSPC when the
 * mount has its fill.  The lock is held.
 */
int probe_make(struct tree *tree, struct kind_dir *kind_dir,
	       struct config *config, struct probe **out, struct err *e);

/*
 * Ends a claim.  changed: *woken becomes the watchers of the probe, to be woken
 * without the lock; else it stays as it is.  The lock is held.
 */
struct watchers;
void probe_unclaim(struct tree *tree, struct probe *probe, bool changed,
		   struct watchers *woken);

/* The following take the lock themselves. */

/*
 * Claims a probe: EBUSY while somebody else has it, ENOENT when it is gone.
 * *error is the sentence.  renews: for going over to another file, which nobody
 * wrote, so writers wait for that meanwhile instead.
 */
int probe_claim(struct tree *tree, uint64_t number, bool renews,
		struct probe **probe, struct err *e);
/* As probe_unclaim(), and wakes them. */
void probe_release(struct tree *tree, struct probe *probe, bool changed);

/* Takes a claimed probe out of the tree and frees it; detaches what it has. */
void probe_remove(struct tree *tree, struct probe *probe);

/* Detaches and frees all, when nobody uses the tree any more. */
void probe_end_all(struct tree *tree);

#endif
