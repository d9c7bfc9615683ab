/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caps.h - the capabilities that the daemon keeps.
 */
#ifndef FS_DAEMON_CAPS_H
#define FS_DAEMON_CAPS_H

#include "fail.h"

/*
 * Gives up, for good, every capability that is not in the table of caps.c,
 * which says what each of those is kept for.  Before threads.
 */
int caps_drop(struct err *e);

#endif
