/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reference.h - what the text written to `attach` refers to.
 */
#ifndef FS_USER_REFERENCE_H
#define FS_USER_REFERENCE_H

#include "attach/pin.h"
#include "attach/program/builtin.h"
#include "fs/user/caller.h"

/* Exactly one of the three is there. */
struct reference {
	int prog_fd; /* -1: none; owned */
	const struct builtin *builtin; /* not loaded yet */
	int *links; /* pinned links; owned, as are they */
	size_t nlinks;
	struct pin place; /* of the links */
};

/*
 * Finds it as the caller.  The object may be of any type but a map; whether a
 * program is of the right one is for attachment_make() to say.
 */
int reference_open(const struct caller *caller, const char *text,
		   struct reference *out, struct err *e);
void reference_clear(struct reference *reference);

/* A line for each form of reference, for `help`. */
void reference_help(FILE *out);

#endif
