/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trail.h - watching what leads to a file: each directory and each link of the
 * path, and the file itself.
 *
 * What is watched is the inodes, for what happens to themselves: that they are
 * renamed or removed, that another takes their name, that the file is written.
 * So what else happens in a busy directory wakes nobody.  Only where a
 * component is missing its directory is watched, for that name.
 *
 * Locking: none; laying a trail walks paths, so no lock may be held.
 * Lifetime: a watch is in the inotify instance until somebody removes it; equal
 * inodes have one watch, so others may share it.
 */
#ifndef FS_CHANGE_TRAIL_H
#define FS_CHANGE_TRAIL_H

#include <stddef.h>

#include "fs/user/mandate.h"

enum { TRAIL_MAX = 64 }; /* watches; longer paths are refused */

struct trail {
	size_t count;
	int watches[TRAIL_MAX]; /* watch descriptors of the instance */
	int waits; /* the one of the directory that misses a name, or -1 */
	char *name; /* that one; owned */
};

struct inotify_event;

/*
 * Watches the way to path, an absolute one, as the mandate finds it.  0 also
 * when something is missing on the way.  ENOSPC: no watch is left; E2BIG: the
 * way is too long; EXDEV: a link of /proc is on it.  On failure the trail has
 * what there is so far.  trail_clear() it.
 */
int trail_lay(int inotify, struct mandate *mandate, const char *path,
	      struct trail *trail, struct err *e);
void trail_clear(struct trail *trail); /* leaves the watches */

bool trail_has(const struct trail *trail, int watch);

/* The event may mean that the path leads elsewhere by now. */
bool trail_concerned(const struct trail *trail,
		     const struct inotify_event *event);

#endif
