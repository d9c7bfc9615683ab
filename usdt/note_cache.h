/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * note_cache.h - the static probes of files, read once for each version of a
 * file.
 *
 * A version is device, inode, size, mtime and ctime.  A file that changes while
 * it is read is read again; one that changed so lately that a further change
 * might not move its times is not kept.
 *
 * Lifetime: a file is counted and stays until the last index_put(); after that
 * it is kept for the next reader, as far as the limit allows, and the one that
 * was longest not asked for goes first.
 *
 * Locking: thread-safe; one lock inside, a leaf, under which no file is touched
 * and nothing is waited for but another thread's reading of the same version.
 * index_get() reads the file: call it without locks.
 */
#ifndef USDT_NOTE_CACHE_H
#define USDT_NOTE_CACHE_H

#include <stddef.h>
#include <stdint.h>

#include "fail.h"
#include "usdt/note.h"

enum {
	INDEX_BYTES = 20 << 20, /* a limit that serves well: 64 MiB with a file
				   that is being read */
	INDEX_FILES = 1024, /* no more are kept, however small */
};

struct index;

struct index_file { /* constant while it is held */
	const struct notes *notes;
	uint64_t dev, ino;
};

struct index_stats {
	size_t files, bytes; /* kept or held */
	uint64_t reads; /* of files, since index_make() */
};

/* limit: bytes of files that are kept though nobody holds them. */
struct index *index_make(size_t limit);
void index_free(struct index *index); /* all files put; NULL is fine */

/*
 * The probes of the file open at fd.  Errors as of image_open() and
 * notes_read(); EAGAIN: it keeps changing.
 */
int index_get(struct index *index, int fd, const struct index_file **out,
	      struct err *e);
void index_put(struct index *index, const struct index_file *file);

struct index_stats index_stats(struct index *index);

#endif
