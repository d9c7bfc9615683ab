/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * area_prog.h - what the areas below prog/NAME have in common; private to them.
 */
#ifndef FS_PROG_AREA_PROG_H
#define FS_PROG_AREA_PROG_H

#include "fs/tree/area.h"

static inline uint64_t view_number(const struct view *view)
{
	return node_number(view->node.area, view->node.object, view->node.slot);
}

/* Text of the object, which can be anybody's: what breaks a line is escaped. */
void area_put_text(FILE *out, const char *text);

/* The error of prog/NAME is that of all below. */
char **area_loaded_error(struct tree *tree, uint64_t number, bool make);

/* As prog/NAME is: owner, group and mode, and the time when it was made. */
int area_member_attr(struct tree *tree, uint64_t number, struct stat *attr);

/* Files of a member that were unlinked, until its directory is listed. */
uint64_t *area_member_hidden(struct tree *tree, uint64_t dir);

/* What prog/NAME, a program and a map of it refer to. */
int refer_loaded(const struct caller *caller, struct node node,
		 struct reference *out, struct err *e);
int refer_member(const struct caller *caller, struct node node,
		 struct reference *out, struct err *e);

#endif
