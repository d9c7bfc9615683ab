/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * objects.h - what the areas of the kernel's programs and links have in common.
 *
 * An object is a directory, by its id.  The kernel is asked about it when a
 * file is opened, and by a listing only which ids there are.
 */
#ifndef FS_TREE_OBJECTS_H
#define FS_TREE_OBJECTS_H

#include "attach/kernel/bpf.h"
#include "fs/tree/area.h"

/* Objects of one type: next() gives the first id above *id. */
int object_lookup(unsigned int area, int (*next)(uint32_t *id),
		  const char *name, uint64_t *number);
/* False: the sink is full. */
bool object_list(unsigned int area, int (*next)(uint32_t *id), uint64_t after,
		 struct dir_sink *sink);

/* dir: the area of the directory that it is in. */
int object_attr(struct tree *tree, unsigned int dir, struct stat *attr);

/* The reference is form and the id. */
int object_refer(const struct caller *caller, const char *form,
		 struct node node, struct reference *out, struct err *e);

char **object_error(struct tree *tree, uint64_t number, bool make);

/* The files that links and programs have alike. */
int show_object_pin(const struct file *row, const struct view *view, FILE *out,
		    struct err *e);
int show_object_holders(const struct file *row, const struct view *view,
			FILE *out, struct err *e);

/* Of what is written only. */
int show_object_nothing(const struct file *row, const struct view *view,
			FILE *out, struct err *e);

#define OBJECT_WRITE(row_name, what, text_help)                      \
	{                                                            \
		.name = (row_name), .mode = 0200, .text = TEXT_NONE, \
		.act = (what), .show = show_object_nothing,          \
		.help = (text_help)                                  \
	}

/* Where an object is pinned, which is looked for. */
#define OBJECT_PIN(what)                                                       \
	{                                                                      \
		.name = "pin", .mode = 0644, .text = TEXT_NONE, .act = (what), \
		.slow = true, .show = show_object_pin,                         \
		.help = "where it is pinned; write a path to pin it there"     \
	}

#endif
