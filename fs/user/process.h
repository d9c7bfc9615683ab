/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * process.h - what belongs to another process: its root directory, its program,
 * its descriptors and what it has mapped.
 *
 * The daemon may have all of that, of everybody.  A user gets it of a process
 * that the user could trace, asked before and after: meanwhile the process may
 * have become another program, one with more rights.
 *
 * Locking: none may be held.
 */
#ifndef FS_USER_PROCESS_H
#define FS_USER_PROCESS_H

#include "fs/user/open_as.h"

/*
 * The file that /proc/PID/REST stands for, with O_PATH: REST is "root", "exe",
 * "fd/N", "map_files/RANGE" or "ns/net".  what is the user's name for all of
 * it, for sentences.  EPERM: the user could not trace it; ESRCH; ENOENT.
 */
int process_link(const struct credentials *by, pid_t pid, const char *rest,
		 const char *what, struct err *e);

/*
 * A copy of descriptor fd of a process.  It is looked at before: only one of a
 * program, a link or a map of the kernel's is copied, since others cannot be
 * closed again without waiting for their server.  EINVAL: it is another.
 */
int process_get_fd(const struct credentials *by, pid_t pid, int fd,
		   struct err *e);

#endif
