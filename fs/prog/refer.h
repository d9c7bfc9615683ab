/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * refer.h - references to what is loaded in prog/NAME.
 */
#ifndef FS_PROG_REFER_H
#define FS_PROG_REFER_H

#include "fs/user/reference.h"

/*
 * What `find` of struct own does: NAME/program/P, NAME/P, or NAME where there is
 * one program; NAME/map/M where a map is wanted.  1: there is no prog/NAME.
 * EACCES: the caller may not search one of the directories.
 */
int refer_find(const struct own *own, const struct caller *caller,
	       const char *text, struct reference *out, struct err *e);

#endif
