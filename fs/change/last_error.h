/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * last_error.h - why something was refused, for readers of the file `error`.
 *
 * A probe keeps its own last error, a kind that of what was asked of its
 * directory, and the mount that of everything else.
 */
#ifndef FS_CHANGE_LAST_ERROR_H
#define FS_CHANGE_LAST_ERROR_H

#include "fail.h"
#include "fs/tree/tree.h"

/*
 * The file (or what was asked), the errno, the sentence; and the input with a
 * caret below it, where a place in it is at fault.  NULL without memory.
 */
char *last_error_text(const char *file, const char *input, const struct err *e);

/*
 * Keeps the text, which it takes over, for the directory of the node.  NULL:
 * nothing was refused.  Takes the lock.
 */
void last_error_keep(struct tree *tree, uint64_t number, char *text);

#endif
