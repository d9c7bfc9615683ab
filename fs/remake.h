/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remake.h - from the texts of a claimed probe to its link and its pin; private
 * to the changing of probes.
 *
 * Locking: everything here is called under a claim and without the lock.
 */
#ifndef FS_REMAKE_H
#define FS_REMAKE_H

#include "fs/settle.h"

/* The program that is to be attached: one of the two, or a built-in program
 * that is loaded already. */
struct source {
	int prog_fd; /* borrowed; -1: none */
	const struct builtin *builtin;
};

/* What the slot says, with the change; "" for the default.  Yours to free. */
int change_value(const struct change *c, unsigned int slot, char **value,
		 struct err *e);

/* The target that the fields say now; target_clear() it. */
int change_resolve(const struct change *c, struct target *target,
		   struct err *e);

/*
 * Attaches the program as the texts say, pins it as they say, and notes both as
 * what the probe shall have.  On failure all is as before.
 */
int change_remake(struct change *c, const struct source *source, struct err *e);

/*
 * Pins a as the texts ask for, in the place of what the pin holds.  This is the
 * last thing that can fail: the pin is there then, and noted.
 */
int change_repin(struct change *c, const struct attachment *a, struct err *e);

/* Pins what is attached at path, removes the pin that was. */
int change_pin(struct change *c, const char *path, struct err *e);
int change_unpin(struct change *c, struct err *e);

#endif
