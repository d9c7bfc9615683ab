/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * apply.h - from the texts of a claimed probe to its link; private to the
 * changing of probes.
 *
 * Locking: everything here is called under a claim and without the lock.
 */
#ifndef FS_CHANGE_APPLY_H
#define FS_CHANGE_APPLY_H

#include "fs/change/settle.h"

/*
 * The program that is to be attached: one of the two, or a built-in program that
 * is loaded already.
 */
struct source {
	int prog_fd; /* borrowed; -1: none */
	int old_fd; /* the program that it may replace; borrowed; -1: ours */
	const struct builtin *builtin;
};

/* The target that the fields say now; target_clear() it. */
int change_resolve(const struct change *c, struct target *target,
		   struct err *e);

/* The program of the probe, attached or waiting; borrowed, -1 for none. */
int change_program(const struct change *c);

/*
 * The fields, or the cookie, are no longer those of what is attached; so if
 * false it is at most another program that the link gets.
 */
int change_moves(const struct change *c, bool *moves, struct err *e);

/*
 * Attaches the program as the texts say, pins it as they say, and notes both as
 * what the probe shall have.  On failure all is as before.
 */
int apply(struct change *c, const struct source *source, struct err *e);
/* The same with the program that the probe has. */
int apply_own(struct change *c, struct err *e);
/* The links that the probe has stay, and get others beside them. */
int apply_more(struct change *c, struct err *e);

#endif
