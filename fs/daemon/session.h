/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * session.h - the mounted file system, from mount(2) to the last request.
 */
#ifndef FS_DAEMON_SESSION_H
#define FS_DAEMON_SESSION_H

#include "fail.h"
#include "fs/daemon/options.h"

/*
 * Mounts, and serves until unmounted or told to end by SIGTERM, SIGINT or
 * SIGHUP.  ready is the pipe of daemon_fork(), told after the kernel's INIT has
 * been answered: from then on any system call on the mount works.
 */
int session_run(const struct options *o, int ready, struct err *e);

#endif
