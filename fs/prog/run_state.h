/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run_state.h - what run/ of a program keeps: what it is to be run on, and what
 * came of the last run.
 *
 * It is bounded: a user other than root (fs/user/owner.h) has a share, and some
 * is root's alone.  What nobody has touched for an hour goes when room is wanted.
 *
 * Locking: everything wants tree.lock held.
 */
#ifndef FS_PROG_RUN_STATE_H
#define FS_PROG_RUN_STATE_H

#include "attach/program/run/test_run.h"
#include "fs/tree/tree.h"

enum {
	RUN_COST = 1024, /* of one without bytes */
	RUN_TOTAL = 64 << 20, /* bytes of all */
	RUN_SHARE = RUN_TOTAL / 4, /* of a user; as much is root's alone */
	RUN_SECONDS = 3600,
	RUN_TEXT = 24, /* of a number that was written, with NUL */
};

/* The files of run/, in the order of their rows. */
enum run_file {
	RUN_DATA_IN,
	RUN_CTX_IN,
	RUN_REPEAT,
	RUN_CPU,
	RUN_FLAGS,
	RUN_BATCH_SIZE,
	RUN_GO,
	RUN_RETVAL,
	RUN_DURATION,
	RUN_DATA_OUT,
	RUN_CTX_OUT,
	RUN_NUMBERS = RUN_BATCH_SIZE + 1,
};

struct run_number {
	char text[RUN_TEXT]; /* "": not written */
	uint32_t value;
};

struct run_state {
	LIST_ENTRY(run_state) entry;
	uint64_t dir; /* number of the directory; constant, as is the next */
	uid_t owner;
	bool busy; /* a run is under way */
	bool forgotten; /* and nobody waits for what comes of it */
	time_t touched; /* seconds of CLOCK_BOOTTIME */
	struct test_bytes data, ctx; /* owned */
	struct run_number numbers[RUN_NUMBERS]; /* from RUN_REPEAT on */
	bool done; /* there is a result */
	struct test_result result;
};

struct run_state *run_state_find(struct tree *tree, uint64_t dir);
/* That there is, or a new one.  ENOSPC, ENOMEM. */
int run_state_make(struct tree *tree, uint64_t dir, uid_t uid,
		   struct run_state **out, struct err *e);

/* bytes: the data or the ctx of state.  EFBIG, ENOSPC, ENOMEM. */
int run_state_resize(struct tree *tree, struct run_state *state,
		     struct test_bytes *bytes, size_t size, struct err *e);
/* Takes the result over, and its old one away.  ENOSPC. */
int run_state_finish(struct tree *tree, struct run_state *state,
		     struct test_result *result, struct err *e);

/* Those of the directories first to last, both included. */
void run_states_drop(struct tree *tree, uint64_t first, uint64_t last);
void run_states_free(struct tree *tree); /* no lock; nobody is there */
/* After a run: frees one that was dropped meanwhile, which is true then. */
bool run_state_release(struct run_state *state);

#endif
