/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * write.h - what changes the tree: writes, mkdir, rmdir, and the sentence that
 * is kept when one is refused.
 *
 * Locking: called without.
 */
#ifndef FS_CHANGE_WRITE_H
#define FS_CHANGE_WRITE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "fs/tree/tree.h"
#include "fs/user/caller.h"

/* More than the longest text, so that one that is too long comes whole. */
enum { WRITE_MAX = 64 * 1024 };

int make_probe(struct tree *tree, const struct caller *caller, uint64_t dir,
	       const char *name, mode_t mode, uint64_t *number);
int remove_probe(struct tree *tree, const struct caller *caller, uint64_t dir,
		 const char *name);

/*
 * One write is one value, taken now, whole.  The offset is ignored but for
 * this: a write that goes on where the last one of this handle ended, which did
 * not end in a newline, goes on with its value.  Refused, it takes back what the
 * value began with.  The value of `config` has lines, so that it goes on after a
 * newline too, and what appends to it is added to what it was.
 *
 * A file that only tells is open to write for none but the caller that has made
 * it, after it was removed, as tar(1) does: that is taken and forgotten.
 */
int write_take(struct tree *tree, const struct caller *caller, uint64_t number,
	       uint64_t fh, const char *data, size_t size, off_t offset,
	       bool appends);

/*
 * Takes the text, behind whose size bytes there is a NUL, for the node's file as
 * a write does, its refusal kept for `error`; for names that are renamed or
 * removed.  EPERM: its author is not the caller, whose rights it would have.
 */
int write_text(struct tree *tree, const struct caller *caller, uid_t author,
	       uint64_t number, const char *text, size_t size);

/* Keeps for `error` why the node's file, one of a probe, could not be read. */
void write_unread(struct tree *tree, uint64_t number, const struct err *e);

#endif
