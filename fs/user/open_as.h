/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * open_as.h - opening files as the user who names them.
 *
 * The file is looked at before it is opened: what is neither a regular file nor
 * a directory, or is of this very mount, is refused without being touched.
 *
 * Locking: none may be held.
 */
#ifndef FS_USER_OPEN_AS_H
#define FS_USER_OPEN_AS_H

#include <sys/types.h>

#include "fail.h"
#include "fs/user/cred.h"

/* The user to act as: ids for files as FUSE tells them, the rest from /proc. */
struct credentials {
	uid_t uid;
	gid_t gid;
	const struct cred *identity;
};

/*
 * Opens path below the directory root, which it takes over; no link leads out
 * of there, and none of /proc is followed.  The first skip bytes of path are
 * for sentences only.  EPERM: the thread could not become that user; ETIMEDOUT:
 * no answer; EINVAL: no regular file, without O_PATH.
 */
int open_below(const struct credentials *as, int root, const char *path,
	       size_t skip, int flags, struct err *e);

/*
 * The same with O_PATH and flags, in this thread, from what the kernel has in
 * memory only, so that it cannot hang (openat2(2), RESOLVE_CACHED, 5.12):
 * EAGAIN when that does not suffice.  root stays the caller's.
 */
int open_cached(const struct credentials *as, int root, const char *path,
		int flags);

/*
 * Opens the file that place, which it takes over, stands for: a descriptor with
 * O_PATH.  what is its name, for sentences.
 */
int open_again(const struct credentials *as, int place, const char *what,
	       int flags, struct err *e);

#endif
