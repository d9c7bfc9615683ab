/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * repin.h - the pin of a claimed probe; private to the changing of probes.
 *
 * A change of a pin is the last that can fail of a change: when it has
 * succeeded it is in the bpffs, and noted, and only has to be settled.
 *
 * Locking: called under a claim and without the lock, with the caller's rights.
 */
#ifndef FS_CHANGE_REPIN_H
#define FS_CHANGE_REPIN_H

#include "fs/change/settle.h"

/* Pins a as the texts ask for, in the place of what the pin holds. */
int change_repin(struct change *c, const struct attachment *a, struct err *e);

/* The pin is to be where it is. */
bool change_pin_stays(const struct change *c);

/* What is attached stays: moves its pin, makes or removes it. */
int change_pin(struct change *c, struct err *e);
int change_unpin(struct change *c, struct err *e);

#endif
