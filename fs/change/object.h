/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.h - what a write to a file does that keeps no text.
 *
 * Locking: called without.
 */
#ifndef FS_CHANGE_OBJECT_H
#define FS_CHANGE_OBJECT_H

#include "fs/tree/area.h"

/*
 * The text was written to the row's file of the node.  EPERM, of a program or a
 * link of the kernel: the caller could not have it of bpf(2), which takes
 * CAP_SYS_ADMIN.
 */
int object_write(struct tree *tree, const struct caller *caller,
		 uint64_t number, const struct file *row, const char *text,
		 struct err *e);

#endif
