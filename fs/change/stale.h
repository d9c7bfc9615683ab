/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stale.h - whether what is attached is still what the texts of a probe mean;
 * private to the changing of probes.
 *
 * Locking: under a claim, without the lock.
 */
#ifndef FS_CHANGE_STALE_H
#define FS_CHANGE_STALE_H

#include "fs/change/apply.h"

/*
 * What is attached has lost its link, its process or its module, or the file
 * that the writer finds by the probe's texts is another or has changed: made
 * again, it would be something else.
 */
bool change_is_stale(const struct change *c);

/*
 * The same of the file alone.  An error, with *e filled, when the writer may
 * not open it: change_is_stale() leaves such a file to those who may.
 */
int change_compare(const struct change *c, bool *stale, struct err *e);

#endif
