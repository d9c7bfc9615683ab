/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handle.h - open files.
 *
 * A handle's number holds the user id of the file's opener in its upper half
 * and a serial number in its lower, so that even another process that serves
 * the tree knows the opener.
 *
 * What they hold is bounded: a user other than root (fs/user/owner.h) has a
 * share of it, and some is root's alone.
 *
 * Locking: handles are found, read and freed with tree.lock held.
 */
#ifndef FS_TREE_HANDLE_H
#define FS_TREE_HANDLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fs/user/caller.h"

struct handles;

enum {
	HANDLE_COST = 512, /* bytes of one without a text */
	/* Of one that can be written to: a value in parts, and what was
	   before. */
	HANDLE_WRITES = 8192,
	HANDLES_TOTAL = 256 * 1024 * 1024, /* bytes of all */
	HANDLES_SHARE = HANDLES_TOTAL / 4, /* of a user; as much is root's */
};

struct handle {
	uint64_t fh;
	gid_t gid; /* of the opener */
	uint64_t caps; /* capabilities of the opener */
	char *text; /* what reads see, made at open; NULL when only writing */
	size_t size;
	char *taken; /* what writes of one value have brought so far */
	size_t ntaken;
	char *prior; /* what the file showed before; NULL: not known */
	off_t end; /* of the last write */
	uint32_t changes; /* of the probe, when text was made */
};

struct handles *handles_new(void);
void handles_free(struct handles *handles); /* NULL is fine */

/*
 * Takes text over.  EMFILE: the user has as much open as one may have; ENFILE:
 * all together have; ENOMEM.
 */
int handle_make(struct handles *handles, uid_t opener, char *text, size_t size,
		bool writes, struct handle **out);
/* Another text in the place of that, which is freed.  As handle_make(). */
int handle_set_text(struct handles *handles, struct handle *handle, char *text,
		    size_t size);
struct handle *handle_find(struct handles *handles, uint64_t fh);
/*
 * A value has been taken through the handle, and may go on at end: *taken and
 * *prior are exchanged for what the handle had of the one before.
 */
void handle_remember(struct handles *handles, uint64_t fh, char **taken,
		     char **prior, off_t end);
/* The next write begins a value. */
void handle_forget(struct handles *handles, uint64_t fh);
void handle_drop(struct handles *handles, uint64_t fh);

/*
 * Whether the caller is the user and group of the opener, by whose capabilities
 * its own are bounded then.
 */
bool handle_limits(const struct handle *handle, struct caller *caller);

static inline uid_t handle_opener(uint64_t fh)
{
	return (uid_t)(fh >> 32);
}

#endif
