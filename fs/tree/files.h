/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * files.h - finding the files of the tree, and making their texts.
 *
 * A probe has three tables of files: the common files, the fields of its kind,
 * and the file of the built-in program that is attached, if one is.
 */
#ifndef FS_TREE_FILES_H
#define FS_TREE_FILES_H

#include "fs/tree/area.h"

/* The row of a node, made up for fields and built-in programs; false: none. */
bool file_of(struct node node, struct file *file);

/* The file of that name in the directory, and its slot; false: none. */
bool file_find(struct tree *tree, uint64_t dir, const char *name,
	       unsigned int *slot);

/*
 * The same whether it is hidden or not, with its row.  The lock is held, as for
 * the next two.
 */
bool file_named(struct tree *tree, uint64_t dir, const char *name,
		unsigned int *slot, struct file *file);
bool file_hidden(struct tree *tree, uint64_t dir, unsigned int slot);
void file_hide(struct tree *tree, uint64_t dir, unsigned int slot, bool on);

/*
 * The directory's file after slot `after` (0: the first), by slot; false at the
 * end.  The lock is held.
 */
bool file_next(struct tree *tree, uint64_t dir, unsigned int after,
	       unsigned int *slot, struct file *file);

/*
 * The text of a node's file; *text is yours to free.  No lock.  ENOENT: gone.
 */
int file_text(struct tree *tree, uint64_t number, const struct caller *caller,
	      char **text, size_t *size, struct err *e);

#endif
