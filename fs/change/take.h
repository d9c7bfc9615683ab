/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * take.h - what a write to a probe's file brings about.
 *
 * The texts say what shall be; after a change the kernel has just that, or the
 * change is refused and the kernel and the texts are as before.  A write to one
 * file and one to `config`, which is all of them, differ in how many texts they
 * give.
 *
 * Locking: called without; claims the probe.
 */
#ifndef FS_CHANGE_TAKE_H
#define FS_CHANGE_TAKE_H

#include "fs/change/settle.h"
#include "fs/tree/area.h"

/*
 * Takes text, a NUL-terminated string, as the new text of the file, whose node
 * has that number.  Values that are in force already touch nothing but the
 * texts.  Why it is refused is kept for `error`, unless written is NULL.
 */
int change_text(struct tree *tree, const struct caller *caller, uint64_t number,
		const struct file *file, const char *text,
		struct written *written, struct err *e);

#endif
