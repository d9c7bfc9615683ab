/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * content.h - the bytes of an object file, in memory.
 *
 * They are written in place until somebody looks at them, when they are sealed:
 * from then on they stay, and a write is made to a copy, which is another content.
 * So whoever looks needs no copy and no lock.
 *
 * Locking: all but the count of holders wants tree.lock held; of a content that
 * is sealed all is constant.
 */
#ifndef FS_PROG_CONTENT_H
#define FS_PROG_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct content {
	unsigned int holders; /* by __atomic builtins */
	uint64_t serial; /* no other one has it; constant */
	int fd; /* a memfd; owned */
	size_t size;
	bool sealed;
};

/* Empty; NULL without memory or descriptor. */
struct content *content_make(uint64_t serial);
/* The same bytes, of a content that is sealed.  No lock. */
struct content *content_copy(const struct content *content, uint64_t serial);

struct content *content_hold(struct content *content);
void content_put(struct content *content); /* NULL is fine; no lock is needed */

/* Of one that is not sealed.  ENOMEM. */
int content_write(struct content *content, const char *data, size_t size,
		  off_t offset);
int content_resize(struct content *content, off_t size);

int content_seal(struct content *content);

/* Both sealed, or the same one.  No lock. */
bool content_equal(const struct content *a, const struct content *b);

#endif
