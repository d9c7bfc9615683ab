/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rights.h - whose program a user may have attached.
 *
 * The daemon could attach any.  A program that the user has loaded needs no more
 * than its descriptor, as in bpf(2), but for the types that bpf(2) asks about
 * once more (struct accept, asks).  One of ours, or of somebody else's, is
 * attached for a user who could have loaded it: one that has the capability of
 * the kind (struct kind, capability).
 */
#ifndef FS_CHANGE_RIGHTS_H
#define FS_CHANGE_RIGHTS_H

#include "fs/user/caller.h"

/* EPERM.  prog_fd is -1 for a program that comes with probefs. */
int rights_check(const struct caller *caller, const struct kind *kind,
		 int prog_fd, struct err *e);

#endif
