/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * opener.h - the user who writes, as the kinds of probe know it.
 */
#ifndef FS_USER_OPENER_H
#define FS_USER_OPENER_H

#include "attach/kind/kind.h"
#include "fs/user/caller.h"

/* The caller outlives it. */
struct opener opener_of(const struct caller *caller);

#endif
