/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * follow_write.h - what a write means for what is followed; private to
 * the changing of probes.
 *
 * Locking: under a claim, without the lock.
 */
#ifndef FS_CHANGE_FOLLOW_WRITE_H
#define FS_CHANGE_FOLLOW_WRITE_H

#include "fs/change/settle.h"

/*
 * What is attached stays, and is followed if the texts say so by now.  On
 * failure nothing is.
 */
int change_follow(struct change *c, struct err *e);

/*
 * What is attached is another, or nothing: that is followed as the user that
 * attached it, or else `info` says why it is not.  taken: the change is about
 * to be.
 */
void change_follow_on(struct change *c, bool taken);

#endif
