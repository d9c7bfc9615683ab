/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * keep.h - what a probe without a link keeps; private to the changing of probes.
 *
 * Locking: under a claim, without the lock.
 */
#ifndef FS_CHANGE_KEEP_H
#define FS_CHANGE_KEEP_H

#include "fs/change/settle.h"
#include "fs/user/reference.h"

/*
 * Nothing is attached, nor can it be before another field is written: a program
 * waits for that.
 */
bool change_waits(const struct change *c);

/* The program of r, until it can be attached.  A link and its pin go. */
int change_keep(struct change *c, const struct reference *r, struct err *e);
/* The program that is attached, likewise. */
int change_disable(struct change *c, struct err *e);
/* Nothing. */
int change_detach(struct change *c, struct err *e);

#endif
