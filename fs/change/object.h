/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object.h - what a write to a file of a program or link of the kernel does.
 *
 * Locking: called without.
 */
#ifndef FS_CHANGE_OBJECT_H
#define FS_CHANGE_OBJECT_H

#include "fs/tree/area.h"

/*
 * The text was written to the row's file of the node.  EPERM: the caller could
 * not have the object of bpf(2), which takes CAP_SYS_ADMIN.
 */
int object_write(const struct caller *caller, struct node node,
		 const struct file *row, const char *text, struct err *e);

#endif
