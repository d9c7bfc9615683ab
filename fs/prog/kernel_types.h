/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kernel_types.h - the types of another kernel, that `btf` names.
 *
 * They are a file of BTF, or a directory as /sys/kernel/btf is: `vmlinux`, and a
 * file a module.  A program is relocated to all of them.
 *
 * Locking: none is needed and none may be held.
 */
#ifndef FS_PROG_KERNEL_TYPES_H
#define FS_PROG_KERNEL_TYPES_H

#include "fs/user/caller.h"

enum { KERNEL_TYPES_FILES = 1024 }; /* of a directory */

/*
 * Of what fd, a file or a directory that the caller has opened, has: a
 * descriptor of one file, which is yours.  Files in a directory are opened as the
 * caller.  EINVAL: there is no `vmlinux`, or what is no BTF that fits it; E2BIG,
 * EFBIG: too many files or bytes.
 */
int kernel_types_open(const struct caller *caller, int fd, struct err *e);

#endif
