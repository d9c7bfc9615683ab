/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * follow_write.h - what a write means for the following of a file; private to
 * the changing of probes.
 *
 * Locking: under a claim, without the lock.
 */
#ifndef FS_CHANGE_FOLLOW_WRITE_H
#define FS_CHANGE_FOLLOW_WRITE_H

#include "fs/change/settle.h"

/* `follow` takes c->value. */
int change_follow(struct change *c, struct err *e);

/*
 * The change has been settled, and what is attached is another, or nothing: that
 * is followed as whoever attached it, or else `info` says why it is not.
 */
void change_follow_on(struct change *c);

#endif
