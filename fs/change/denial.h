/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * denial.h - what a directory does not do, in a sentence.
 *
 * Most of what a file system does makes no sense in most directories here, and
 * is answered with EPERM.  Why, and what to do, is kept for `error`.
 */
#ifndef FS_CHANGE_DENIAL_H
#define FS_CHANGE_DENIAL_H

#include "fs/tree/tree.h"

enum denied {
	DENIED_MKDIR,
	DENIED_CREATE,
	DENIED_REMOVE,
	DENIED_RENAME,
	DENIED_LINK, /* hard and symbolic ones */
	DENIED_NODE, /* pipes, sockets, devices */
	NDENIED,
};

/*
 * Returns err.  Where it is EPERM, and dir is one that never does what was
 * asked, keeps the sentence for it.  No lock is held.
 */
int denial_keep(struct tree *tree, uint64_t dir, enum denied what,
		const char *name, int err);

#endif
