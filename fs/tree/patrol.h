/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * patrol.h - what goes behind our back, while somebody polls.
 *
 * The kernel tells nobody that a link has lost its program or that a pin was
 * removed.  So the probes that are polled are looked at once in a while; when
 * nobody polls, nobody is woken up to look.
 */
#ifndef FS_TREE_PATROL_H
#define FS_TREE_PATROL_H

#include "fs/tree/tree.h"

/* The probe is polled from now on, until it leaves the list.  The lock is held. */
void patrol_add(struct tree *tree, struct probe *probe);

/* Before the tree is freed.  No lock. */
void patrol_end(struct tree *tree);

#endif
