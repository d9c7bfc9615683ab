/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * object_file.h - the files of bytes in prog/NAME: `object` and `log`.
 */
#ifndef FS_PROG_OBJECT_FILE_H
#define FS_PROG_OBJECT_FILE_H

#include "fs/tree/area.h"

/*
 * EFBIG: beyond what the mount option max_object allows; ENOSPC: the user or all
 * have their fill.
 */
extern const struct byte_file object_file;
extern const struct byte_file log_file;

/* Shows all bytes, for what takes a file away by rename(2). */
int show_bytes(const struct file *row, const struct view *view, FILE *out,
	       struct err *e);

#endif
