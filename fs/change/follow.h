/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * follow.h - probes that go over to the file which takes the place of theirs, or
 * to CPUs that come online.
 *
 * A follower is a probe with 1 in `follow` that is attached.  One inotify
 * instance watches what leads to the files of all followers
 * (fs/change/trail.h).  The thread that reads it sleeps until something of that
 * happens; then another thread lays the trail anew and has the probe made again
 * if its file is not what it was.  It acts by a mandate (fs/user/mandate.h):
 * with the rights of the user that wrote `follow`, or later attached the probe.
 *
 * A probe that is on each CPU is a follower as well, without a path: the same
 * thread is told of CPUs (attach/kernel/cpu_events.h), and the other one adds
 * links for those that have none.
 *
 * Bounds: followers of a user (fs/user/owner.h) and in all, of which the last
 * are root's, watches of a follower, and one thread of a user at a time, so a
 * user that hangs, hangs alone.
 *
 * Locking: a lock of its own, a leaf, under which no path is walked.
 * Lifetime: the thread and its descriptors are there while there are followers.
 */
#ifndef FS_CHANGE_FOLLOW_H
#define FS_CHANGE_FOLLOW_H

#include <stdint.h>

#include "fs/user/caller.h"

enum { FOLLOWERS_USER = 64, FOLLOWERS = 1024 };

struct follow;
struct tree;

/* Is the tree's teller from now on. */
struct follow *follow_new(struct tree *tree);
struct follow *follow_of(const struct tree *tree);
/* Ends all that is under way.  No lock; NULL is fine. */
void follow_free(struct follow *f);

/*
 * Follows path, or the CPUs (NULL), for the probe, as the caller, in the place of
 * what was followed for it before.  number is that of any node of the probe.
 * ENOSPC: too many are followed, or no watch is left; EPERM: the caller cannot be
 * seen.  On failure nothing is followed for the probe.
 */
int follow_start(struct follow *f, uint64_t number, const struct caller *caller,
		 const char *path, struct err *e);

/* Why the probe is not followed though it shall be: for `info`. */
void follow_refused(struct follow *f, uint64_t number, const struct err *why);

/* Something has happened to what the probe is on. */
void follow_look(struct follow *f, uint64_t number);

void follow_stop(struct follow *f, uint64_t number);

#endif
