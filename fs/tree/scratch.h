/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scratch.h - files that tools leave beside those of a probe, or of a program.
 *
 * Most programs do not write a file in place: they write another beside it and
 * rename that over it, or keep a copy, or take a lock by making a directory.
 * So any name that is no file of the directory can be made in it, as a
 * file or an empty directory.  It is kept in memory, bounded, and goes after an
 * hour in which nobody wrote to it, when next somebody looks.
 *
 * Locking: everything wants tree.lock held.
 *
 * Lifetime: from scratch_make() to scratch_remove(), or until the last process
 * that has the file open lets go of it: as elsewhere, such a file can be read
 * and written when it has no name any more.
 */
#ifndef FS_TREE_SCRATCH_H
#define FS_TREE_SCRATCH_H

#include <stdbool.h>
#include <time.h>

#include "fs/tree/tree.h"

enum {
	SCRATCH_BYTES = 64 * 1024, /* of a file */
	SCRATCH_FILES = 64, /* of a directory */
	SCRATCH_COST = 512, /* of an empty one, with its name */
	SCRATCH_TOTAL = 16 * 1024 * 1024, /* bytes, of the mount */
	SCRATCH_PART = 4, /* of all is a user's; as much is root's alone */
	SCRATCH_SHARE = SCRATCH_TOTAL / SCRATCH_PART,
	SCRATCH_OBJECTS = 16, /* object files of full length, of the mount */
	SCRATCH_SECONDS = 3600,
};

#define SCRATCH_OF_MANY ((uid_t)-1) /* users have written to it */

struct scratch {
	RB_ENTRY(scratch) entry;
	LIST_ENTRY(scratch) sibling;
	uint64_t number; /* of the node; constant */
	uint64_t dir; /* number of the directory; constant */
	bool objects; /* of its nest; constant */
	char *name;
	const char *meant; /* what fs/tree/meant.c makes of the name */
	bool judged; /* it has */
	uid_t uid;
	uid_t owner; /* of that id, see owner.h */
	uid_t author; /* of all that is in it, or SCRATCH_OF_MANY */
	gid_t gid;
	mode_t mode; /* with S_IFREG or S_IFDIR */
	struct timespec written;
	time_t touched; /* seconds of CLOCK_BOOTTIME: that one is never set */
	unsigned int opens;
	bool gone; /* has no name any more */
	char *data;
	size_t size;
};

/* EEXIST, ENOSPC: the directory, the user or the mount has its fill. */
int scratch_make(struct tree *tree, struct nest *nest, uint64_t dir,
		 const char *name, const struct stat *attr,
		 struct scratch **out);
void scratch_remove(struct tree *tree, struct scratch *scratch);
void scratch_remove_all(struct tree *tree, struct nest *nest);
/* Those too that have no name; nobody has one open any more. */
void scratch_free_all(struct tree *tree);
/* Somebody has opened it, and lets go of it again. */
void scratch_open(struct scratch *scratch);
void scratch_close(struct tree *tree, struct scratch *scratch);
int scratch_rename(struct tree *tree, struct scratch *scratch,
		   const char *name);

struct scratch *scratch_find(struct tree *tree, uint64_t number);
/* In these what is too old goes first. */
struct scratch *scratch_named(struct tree *tree, struct nest *nest,
			      const char *name);
/* The first of the nest with a larger number. */
struct scratch *scratch_next(struct tree *tree, struct nest *nest,
			     uint64_t after);

/* EFBIG, ENOSPC. */
int scratch_write(struct tree *tree, struct scratch *scratch, const char *data,
		  size_t size, off_t offset);
int scratch_resize(struct tree *tree, struct scratch *scratch, off_t size);

#endif
