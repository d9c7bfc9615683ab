/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * quota.h - how many probes each user has made.
 *
 * Root takes what it wants.  Anybody else has a share of max_probes, so that
 * one user cannot use the mount up.
 *
 * Locking: everything wants tree.lock held.
 */
#ifndef FS_TREE_QUOTA_H
#define FS_TREE_QUOTA_H

#include <sys/types.h>

#include "fs/tree/tree.h"

/*
 * ENOSPC when the user has that many.  *owner is whose share it is of (owner.h),
 * to whom it is given back.
 */
int quota_take(struct tree *tree, uid_t uid, uid_t *owner, struct err *e);
void quota_give(struct tree *tree, uid_t owner);

#endif
