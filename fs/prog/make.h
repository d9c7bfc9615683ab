/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * make.h - mkdir(2) and rmdir(2) in prog/.
 *
 * Locking: called without.  Each returns 0 or -errno, and keeps why for `error`.
 */
#ifndef FS_PROG_MAKE_H
#define FS_PROG_MAKE_H

#include "fs/prog/upload.h"

int upload_mkdir(struct tree *tree, const struct caller *caller, uint64_t dir,
		 const char *name, mode_t mode, uint64_t *number,
		 struct err *e);
int upload_rmdir(struct tree *tree, uint64_t dir, const char *name,
		 struct err *e);

#endif
