/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mount_ns.h - whether a mount namespace is still there.
 *
 * When a mount namespace ends the kernel takes its mounts apart: below a root
 * directory that somebody still holds, what was mounted is missing then, though
 * nobody has removed a file (put_mnt_ns() of fs/namespace.c).
 *
 * Locking: none.
 */
#ifndef FS_USER_MOUNT_NS_H
#define FS_USER_MOUNT_NS_H

#include <stdbool.h>
#include <sys/types.h>

/* That of a thread; 0 for the daemon's own, and for one that cannot be seen. */
ino_t mount_ns_of(pid_t tid);

/* A process is in it.  Reads through /proc, so it is not for every request. */
bool mount_ns_lives(ino_t ns);

#endif
