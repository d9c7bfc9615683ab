/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * walk.h - opening what may never answer.
 *
 * A path can lead to a dead server, or into this very mount and there into a
 * directory that the kernel keeps locked until the request that names the path
 * is answered; and a user's descriptor may be one that cannot even be closed.
 * Neither can be interrupted.  So another thread opens it, and the thread that
 * waits for that one gives up after a while.
 *
 * Locking: none may be held.
 */
#ifndef FS_USER_WALK_H
#define FS_USER_WALK_H

#include <stdbool.h>
#include <sys/stat.h>

#include "fail.h"

enum { WALK_SECONDS = 5 };

/*
 * One thing to open: the first member of a struct of the caller's, which is on
 * the heap.  Each member is constant.
 */
struct walk {
	uid_t uid; /* whose turn it takes */
	const char *what; /* for sentences: a path; lives in the same struct */
	/*
	 * Opens it, in a thread of the daemon's, and may not answer.  When
	 * nobody waits any more the descriptor is closed.
	 */
	int (*open)(const struct walk *walk, struct err *e);
	/* Frees the struct, after the thread has ended, or was never there. */
	void (*free)(struct walk *walk);
};

/*
 * The descriptor that walk->open() returns.  Takes walk over.  ETIMEDOUT: there
 * was no answer; EAGAIN: too many others do not answer.
 */
int walk_open(struct walk *walk, struct err *e);

/* ETIMEDOUT, with the sentence that what was to be opened has not answered. */
int walk_late(const char *what, struct err *e);

/*
 * What walk->open() calls when its thread could not become the daemon again:
 * the thread ends after this walk.
 */
void walk_is_last(void);

/*
 * The device of this mount, wherever it is mounted by now.  Before threads.
 */
void walk_set_device(dev_t device);
/* What st is of is a file of this mount, by whatever path. */
bool walk_is_own(const struct stat *st);

#endif
