/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * throttle.h - who may do what can hang, and how many at once.
 *
 * A path, or a file that is read, can be of a server that never answers, and
 * what waits for it occupies a thread.  So there are fewer turns than threads,
 * some of them root's alone; and another user (fs/user/owner.h) gets no more
 * than half of what is left to all those users, so that the next one gets
 * something, too.
 *
 * Locking: takes its own lock, never another.
 */
#ifndef FS_USER_THROTTLE_H
#define FS_USER_THROTTLE_H

#include <sys/types.h>

#include "fail.h"

enum turns {
	THROTTLE_WRITE, /* a change of a probe, a listing of a binary */
	THROTTLE_PATH, /* the thread that opens a path */
};

/*
 * Waits a little for a turn.  EAGAIN when none comes free, or when a user other
 * than root has, or waits for, as many as one may have.
 */
int throttle_enter(enum turns turns, uid_t uid, struct err *e);
void throttle_leave(enum turns turns, uid_t uid);

#endif
