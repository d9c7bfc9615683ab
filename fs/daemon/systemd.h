/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * systemd.h - the systemd unit that the daemon lives in.
 *
 * A mount unit keeps the daemon as long as the mount, and so does a scope of
 * its own.  A service takes the daemon down with it; the mount is then dead.
 */
#ifndef FS_DAEMON_SYSTEMD_H
#define FS_DAEMON_SYSTEMD_H

#include <stdbool.h>

/* Whether a process with this /proc/self/cgroup may keep a daemon. */
bool systemd_is_ours(const char *cgroup);

/*
 * Executes the program anew in a scope of its own where that is needed, and
 * then does not return.  argv as in main().
 */
void systemd_leave(char **argv);

#endif
