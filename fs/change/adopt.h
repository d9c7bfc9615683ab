/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adopt.h - taking over links that are there; private to the changing of
 * probes.
 *
 * Locking: under a claim, without the lock.
 */
#ifndef FS_CHANGE_ADOPT_H
#define FS_CHANGE_ADOPT_H

#include "fs/change/settle.h"
#include "fs/user/reference.h"

/*
 * The links of r, which `attach` refers to, in the place of what the probe has.
 * Their cookie and their pin become the probe's.
 */
int change_adopt(struct change *c, struct reference *r, struct err *e);

#endif
