/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * follower.h - the list of followers; private to fs/follow*.c.
 *
 * Locking: the lock of struct follow is held for everything here.
 */
#ifndef FS_CHANGE_FOLLOWER_H
#define FS_CHANGE_FOLLOWER_H

#include <pthread.h>
#include <sys/queue.h>

#include "fs/change/follow.h"
#include "fs/change/trail.h"
#include "fs/tree/tree.h"

/* Guarded by the lock; the mandate is constant while the worker has it. */
struct follower {
	LIST_ENTRY(follower) entry;
	struct follow *f;
	uint64_t probe; /* number of its directory */
	struct mandate *mandate; /* NULL: it is not followed, see warning */
	char *path; /* NULL: it is CPUs that are followed */
	struct trail trail;
	bool due; /* something has happened */
	bool running; /* a worker has it, and alone uses path */
	bool dead; /* off the list: the worker frees it */
	uint64_t times; /* how often the probe was made anew */
	char *warning;
};

struct follow {
	struct teller teller; /* first, so that it is found by that */
	struct tree *tree;
	pthread_mutex_t lock;
	pthread_cond_t idle; /* a thread has ended */
	LIST_HEAD(, follower) list;
	bool reads; /* the thread is there, and so is wake */
	int wake;
	int inotify,
		cpus; /* once there is a follower of a file, of CPUs; or -1 */
	size_t workers;
	uint64_t removals; /* of watches */
};

uint64_t follower_directory(uint64_t number); /* of any node of a probe */
struct follower *follower_find(struct follow *f, uint64_t number);

/* Nobody has it, and it is on no list. */
void follower_free(struct follower *one);
/* Takes it off the list; it is freed when no worker has it any more. */
void follower_drop(struct follow *f, struct follower *one);

/* Clears the trail and removes the watches that were its alone. */
void follower_untrail(struct follow *f, struct trail *trail);

uid_t follower_owner(const struct follower *one); /* by its mandate */
bool followers_full(const struct follow *f, uid_t owner);

/* The reader looks at the list again. */
void follow_wake(const struct follow *f);

#endif
