/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * follow_work.h - the threads of followers; private to fs/follow*.c.
 */
#ifndef FS_CHANGE_FOLLOW_WORK_H
#define FS_CHANGE_FOLLOW_WORK_H

#include "fs/change/follower.h"

/* Has the events read, if they are not.  The lock is held. */
int follow_read(struct follow *f, struct err *e);

/*
 * Lays the trail of a follower that is `running` for the caller, and drops the
 * old one.  For errors, see trail_lay().  No lock.
 */
int follow_lay(struct follow *f, struct follower *one, struct err *e);

#endif
