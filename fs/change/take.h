/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * take.h - what a write to a probe's file brings about.
 *
 * The texts say what shall be; after a change the kernel has just that, or the
 * change is refused and the kernel and the texts are as before.
 *
 * Locking: called without; claims the probe.
 */
#ifndef FS_CHANGE_TAKE_H
#define FS_CHANGE_TAKE_H

#include "fs/tree/tree.h"
#include "fs/user/caller.h"

/*
 * Takes text, a NUL-terminated string, as the new text of that slot of the
 * probe that the node belongs to.  A value that is in force already touches
 * nothing but the text.
 */
int change_text(struct tree *tree, const struct caller *caller, uint64_t number,
		unsigned int slot, const char *text, struct err *e);

#endif
