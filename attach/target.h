/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * target.h - what a probe resolves to: places, before any program is there.
 *
 * A target owns its strings and its descriptor.  It is made by a kind's
 * resolve(), filled in the order of attaching, and constant after that.
 */
#ifndef ATTACH_TARGET_H
#define ATTACH_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "fail.h"

struct opener; /* attach/kind.h */

enum place {
	PLACE_KERNEL, /* a kernel function: kprobe */
	PLACE_FILE, /* an offset of a file: uprobe, USDT */
	PLACE_TRACEPOINT, /* a tracepoint by its id */
};

struct site {
	char *symbol; /* function or tracepoint; NULL when only an address */
	uint64_t offset; /* kernel: from symbol; file: of the file; bytes */
	uint64_t symbol_offset; /* file: offset from the symbol's start */
	uint64_t address; /* kernel: absolute, 0 when hidden or not looked up */
	uint64_t ref_ctr; /* file offset of the semaphore; 0 is none */
	uint64_t cookie;
	uint32_t event_id; /* tracepoint: events/GROUP/NAME/id */
	char *note; /* for `sites`, may be NULL */
};

struct target {
	enum place place;
	bool ret; /* on return instead of on entry */
	bool by_address; /* kernel: attach by address; the name is not unique */
	bool whole_functions; /* kernel: each site is a function's entry that
				 ftrace knows, so kprobe_multi may take it */
	char *path; /* file: as found, in the user's name space */
	int fd; /* file: open for reading; -1 else.  Owned */
	uint64_t dev, ino; /* file */
	pid_t pid; /* file: only in this process; 0 is all */
	uint32_t maxactive; /* kretprobe; 0 is the kernel's own choice */
	bool cookies_told; /* adopted: the kernel told those of all the sites */
	bool takes_room; /* the program's own, which may be short: -ENOSPC for
			    another target may be due to this one alone */
	char *warning; /* one sentence for `info`, or NULL */
	/*
	 * What the kind keeps with the target, and how it is freed, after the
	 * links have gone; outlive: a pin keeps them.  NULL for most kinds.
	 */
	void *own;
	void (*own_free)(void *own, bool outlive);
	bool outlive;
	size_t nsites;
	struct site *sites;
};

void target_init(struct target *target, enum place place);
void target_clear(struct target *target); /* half filled is fine */

/* The file of a target; takes path and fd over. */
void target_set_file(struct target *target, char *path, int fd, uint64_t dev,
		     uint64_t ino);

/* The user's process, where the opener knows how the user counts. */
int target_set_pid(struct target *target, const struct opener *opener,
		   pid_t pid, struct err *e);

/*
 * Adds a zeroed site and returns it, valid until the next call; symbol is
 * copied and may be NULL.  NULL without memory.
 */
struct site *target_add(struct target *target, const char *symbol);

#endif
