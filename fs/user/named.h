/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * named.h - what a user names by a path, and where its name is.
 *
 * A pin is opened, and later removed by its name.  Were the path walked for
 * each, a symlink that is exchanged in between would have the second walk end
 * at another pin.  So what is opened is what that name is in that directory,
 * both by descriptor, and the last name of the path is not followed: where it
 * is a symlink, the path that it holds is walked in its place.
 *
 * Locking: none may be held, as for caller_open().
 */
#ifndef FS_USER_NAMED_H
#define FS_USER_NAMED_H

#include "fs/user/caller.h"

struct named {
	int fd; /* O_PATH, of no symlink; owned, as are dir and name */
	int dir; /* O_PATH; -1 for a path that ends in no name ("..", "x/") */
	char *name; /* in dir; NULL with it */
};

/* Errors of caller_open(). */
int named_open(const struct caller *caller, const char *path, struct named *out,
	       struct err *e);
void named_close(struct named *named);

#endif
