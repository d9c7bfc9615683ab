/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * give.h - which texts a write gives, and where in it a fault is; private to
 * the changing of probes.
 *
 * Locking: under a claim, without the lock.
 */
#ifndef FS_CHANGE_GIVE_H
#define FS_CHANGE_GIVE_H

#include "fs/change/settle.h"
#include "fs/tree/area.h"
#include "fs/tree/config_text.h"

struct giving {
	const struct file *file; /* that is written to */
	const char *text; /* what is written */
	struct config_lines lines; /* of `config` */
};

/*
 * The texts of the change become those that the write gives: the file's, or
 * those of all files.
 */
int change_give(struct change *c, struct giving *giving, struct err *e);

/* What `error` is to say of the change, which failed; NULL without memory. */
char *change_refusal(const struct change *c, const struct giving *giving,
		     struct err *e);

#endif
