/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * assume.h - being another user for a while, in one thread.
 *
 * The kernel asks some things of the effective ids and others of those of the
 * file system, some of groups and some of capabilities, so a thread takes on
 * all of them.  The real and the saved ids stay root's: nobody else may signal
 * or trace the daemon, and there is a way back.
 *
 * Every call is one of the kernel's own, on this thread alone: those of libc
 * change all threads of a process (nptl(7)).  A thread that is started
 * meanwhile is another user, too, so none may be.
 *
 * Locking: none is needed.
 */
#ifndef FS_USER_ASSUME_H
#define FS_USER_ASSUME_H

#include <stdint.h>
#include <sys/types.h>

#include "fail.h"
#include "fs/user/cred.h"

/*
 * This thread has the effective ids uid and gid, the groups of identity, and of
 * the daemon's capabilities exactly those that identity has where they count,
 * and those of the mask more.  EPERM: not all of that could be had, and the
 * thread is the daemon's as before.
 */
int assume(uid_t uid, gid_t gid, const struct cred *identity, uint64_t more,
	   struct err *e);
/*
 * This thread is the daemon again.  On failure it is not, and must end without
 * doing anything more.
 */
int assume_end(void);

#endif
