/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mandate.h - acting for a user when that user is not waiting for an answer.
 *
 * A file is opened again long after the write that named it: to see whether it
 * is still the same, and to follow it.  That is done with the rights which the
 * writer had, as they were at the write (ids, groups, capabilities), below the
 * root directory and in the mounts which the writer had, that is held by a
 * descriptor.  Nothing of it is ever looked up again: a process id may have
 * become another's, and what root may see is not what the writer may.
 *
 * Users who write much share one mandate, for equal rights and an equal root
 * are one mandate.  A user (see fs/user/owner.h) has MANDATES_USER at most, all
 * together have MANDATES, of which the last MANDATES_USER are root's.
 *
 * Locking: a lock of its own, a leaf; no path is walked under it.
 * Lifetime: counted.
 */
#ifndef FS_USER_MANDATE_H
#define FS_USER_MANDATE_H

#include "fs/user/caller.h"

enum { MANDATES_USER = 64, MANDATES = 1024 };

struct mandate;

/*
 * One for what the caller is now.  NULL with *e filled: EPERM for a caller that
 * cannot be seen, ENOSPC when that user has as many as one may have.
 */
struct mandate *mandate_get(const struct caller *caller, struct err *e);
struct mandate *mandate_hold(struct mandate *mandate); /* NULL is fine */
void mandate_put(struct mandate *mandate); /* NULL is fine */

/* Whose it is, for bounds. */
uid_t mandate_owner(const struct mandate *mandate);

/* The user to act as; while the mandate is held. */
const struct caller *mandate_caller(const struct mandate *mandate);

/*
 * Opens with O_PATH and flags, from memory where that is possible.  When a path
 * has not answered, for a minute only what is in memory is looked at, and else
 * it is ETIMEDOUT.  EOPNOTSUPP instead of ENOENT once the writer's mounts are
 * no more: that tells nothing of the file.
 */
int mandate_look(struct mandate *mandate, const char *path, int flags,
		 struct err *e);

/* The same as an opener, which takes O_PATH only. */
struct opener mandate_opener(struct mandate *mandate);

#endif
