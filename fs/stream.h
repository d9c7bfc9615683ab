/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream.h - files that are read as they come: a run of what is attached, or of
 * what else a row of a file has for its source.
 *
 * Opening such a file makes a run that belongs to the open file and is found by
 * its number; each read reads from it.  Only what the last one brought is kept,
 * since head(1) takes a step back to behind its last line.
 *
 * A program that is detached can run no more: what is left of its runs fails, and
 * the thread that detaches waits for the one read(2) that is under way.
 *
 * Runs are bounded: a user other than root (fs/user/owner.h) has a share, and some
 * are root's alone.
 *
 * Locking: no lock is held; where the text says so, tree.lock.
 */
#ifndef FS_TREE_STREAM_H
#define FS_TREE_STREAM_H

#include "fs/tree/tree.h"

enum {
	STREAMS_TOTAL = 256,
	STREAMS_ROOT = 64, /* of those are root's alone */
	STREAMS_SHARE = 16, /* of another user */
};

/*
 * A run for the open file fh, of the node's source.  EMFILE, ENFILE: too many
 * runs; or what the attacher says.  Where nothing is attached it is the first read
 * that fails, so that rsync(1), which opens all and reads no file of length 0,
 * carries the probe.
 */
int stream_open(struct tree *tree, const struct caller *caller, uint64_t number,
		uint64_t fh, struct err *e);
void stream_close(struct tree *tree, uint64_t fh); /* also without a run */

/* What is asked of a run. */
struct stream_part {
	char *buffer;
	size_t size;
	off_t offset; /* in the file */
};

/*
 * One read(2) of the run: as many bytes as came, 0 at the end.  EAGAIN: none yet;
 * ENODATA: there was no program; ENODEV: it was detached; ESPIPE: the run is at
 * another place.
 */
ssize_t stream_read(struct tree *tree, uint64_t number, uint64_t fh,
		    const struct stream_part *part, struct err *e);

void streams_free(struct tree *tree); /* all; nobody reads any more */

#endif
