/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * follow_work.h - the threads of followers; private to fs/follow*.c.
 */
#ifndef FS_CHANGE_FOLLOW_WORK_H
#define FS_CHANGE_FOLLOW_WORK_H

#include "fs/change/follower.h"

/* Has what concerns the follower read, if it is not.  The lock is held. */
int follow_read(struct follow *f, const struct follower *one, struct err *e);

/*
 * Lays the trail of a follower that is `running` for the caller, and drops the
 * old one, if it is a file that is followed.  For errors, see trail_lay().  No
 * lock.
 */
int follow_lay(struct follow *f, struct follower *one, struct err *e);

#endif
