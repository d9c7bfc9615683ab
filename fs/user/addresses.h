/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * addresses.h - addresses of the kernel, for those only who may see them.
 *
 * The daemon sees them and would tell everybody who may read a file where the
 * kernel is.  A text that holds addresses, which are written as 0x and sixteen
 * digits of which the first is 8 or more, has zeros there for a reader who
 * finds zeros in /proc/kallsyms; so it is as long for everybody.
 *
 * Locking: none is needed and none may be held; files of /proc are read.
 */
#ifndef FS_USER_ADDRESSES_H
#define FS_USER_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>

#include "fs/user/caller.h"

/* Hides those in the text that the reader (NULL: nobody) may not see. */
void addresses_hide(char *text, size_t size, const struct caller *reader);

/* Whether the reader (NULL: nobody) finds them in /proc/kallsyms. */
bool addresses_seen(const struct caller *reader);

/* Puts zeros in the place of all; says whether there are any. */
bool addresses_zero(char *text, size_t size);

#endif
