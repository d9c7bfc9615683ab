/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * make_object.h - mkdir(2) and rmdir(2) in prog/, where object files are.
 *
 * Locking: called without.
 */
#ifndef FS_CHANGE_MAKE_OBJECT_H
#define FS_CHANGE_MAKE_OBJECT_H

#include "fs/tree/tree.h"
#include "fs/user/caller.h"

int make_object(struct tree *tree, const struct caller *caller, uint64_t dir,
		const char *name, mode_t mode, uint64_t *number);
int remove_object(struct tree *tree, const struct caller *caller, uint64_t dir,
		  const char *name);

#endif
