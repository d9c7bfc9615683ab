/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * show.h - the texts of files, made from views.
 *
 * Each writes the whole text to out and returns 0, or returns -errno with *e
 * filled.  No lock is held.
 */
#ifndef FS_TREE_SHOW_H
#define FS_TREE_SHOW_H

#include "fs/tree/files.h"

#define SHOW(name)                                                           \
	int name(const struct file *row, const struct view *view, FILE *out, \
		 struct err *e)
SHOW(show_readme);
SHOW(show_features);
SHOW(show_available);
SHOW(show_dir_error);
SHOW(show_attach);
SHOW(show_text);
SHOW(show_pin);
SHOW(show_config);
SHOW(show_field);
SHOW(show_info);
SHOW(show_sites);
SHOW(show_error);
SHOW(show_stream);
SHOW(show_builtin);
#undef SHOW

#endif
