/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * act.h - what is written to the files of prog/NAME, for their rows.
 *
 * Each takes the value of a write, as `write` of struct file does.
 *
 * Locking: called without; each claims what it changes.
 */
#ifndef FS_PROG_ACT_H
#define FS_PROG_ACT_H

#include "fs/prog/upload.h"
#include "fs/tree/area.h"

#define ACT(name)                                                \
	int name(struct tree *tree, const struct caller *caller, \
		 uint64_t number, char *value, struct err *e)
ACT(act_load);
ACT(act_log_level);
ACT(act_btf);
/* Of a program, a map or a variable: a setting of the path of the file. */
ACT(act_setting);
ACT(act_target); /* one that may refer to a program, as id:N:FUNCTION */
ACT(act_reuse); /* one that refers to a map */
ACT(act_pin); /* of a program or map that is loaded */
#undef ACT

/* A file that can be written until the object is loaded. */
#define SETTING(row_name, writer, shower, text_help)                      \
	{                                                                 \
		.name = (row_name), .mode = 0644, .text = TEXT_NONE,      \
		.write = (writer), .show = (shower), .help = (text_help), \
	}

/*
 * The file is removed, as rm(1) does: it is what it was after mkdir.  EPERM: it
 * is one that cannot be.
 */
int act_reset(struct tree *tree, const struct caller *caller, uint64_t number);

#endif
