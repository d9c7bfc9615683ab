/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * owner.h - whose a user id is.
 *
 * A user that has a range of ids for user namespaces, in /etc/subuid, can be
 * any of them; so for bounds of what one user may have they are all that user.
 * Ids of a range of root's, such as those of a container, are one user
 * together.
 *
 * Locking: takes its own lock, never another.
 */
#ifndef FS_USER_OWNER_H
#define FS_USER_OWNER_H

#include <sys/types.h>

/* Reads /etc/subuid, if it has changed: no lock may be held. */
void owner_refresh(void);

/* As of the last owner_refresh(): uid itself where nothing is known. */
uid_t owner_of(uid_t uid);

/* For tests: other files in the place of /etc/subuid and /etc/passwd. */
void owner_use(const char *subuid, const char *passwd);

#endif
