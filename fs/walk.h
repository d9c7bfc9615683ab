/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * walk.h - opening a path that may never answer.
 *
 * A path can lead to a dead server, or into this very mount and there into a
 * directory that the kernel keeps locked until the request that names the path
 * is answered.  Neither can be interrupted.  So it is another thread that opens
 * it, with the ids of who asks, and who waits gives up after a while.
 *
 * Locking: none may be held.
 */
#ifndef FS_WALK_H
#define FS_WALK_H

#include <stdbool.h>
#include <sys/stat.h>

#include "fail.h"
#include "fs/identity.h"

enum { WALK_SECONDS = 5 };

/*
 * The device of this mount, wherever it is mounted by now.  Before threads.
 */
void walk_set_device(dev_t device);
/* What st is of is a file of this mount, by whatever path. */
bool walk_is_own(const struct stat *st);

/*
 * Opens path below root, which it takes over, with fsuid uid, fsgid gid and the
 * groups of identity.  ETIMEDOUT: it did not answer.  EINVAL: a file of this
 * mount, without O_PATH.  For the rest, see
 * caller_open().
 */
int walk(int root, uid_t uid, gid_t gid, const struct identity *identity,
	 const char *path, int flags, struct err *e);

/*
 * The same with O_PATH and flags, in this thread, from what the kernel has in
 * memory only, so that it cannot hang (openat2(2), RESOLVE_CACHED, 5.12): EAGAIN
 * when that does not suffice.  root stays the caller's.
 */
int walk_cached(int root, uid_t uid, gid_t gid, const struct identity *identity,
		const char *path, int flags);

#endif
