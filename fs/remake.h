/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * remake.h - from the texts of a claimed probe to its link and its pin; private
 * to the changing of probes.
 *
 * Locking: everything here is called under a claim and without the lock, and
 * takes the lock to settle what it has made.
 */
#ifndef FS_REMAKE_H
#define FS_REMAKE_H

#include "fs/caller.h"
#include "fs/tree.h"

/* A change to one text.  The other texts are those of the probe. */
struct change {
	struct tree *tree;
	struct probe *probe; /* claimed */
	const struct caller *caller;
	unsigned int slot; /* TEXT_NONE: the texts as they are */
	const char *text; /* as written */
	char *value; /* what it says; "" to clear */
};

/* The program that is to be attached: one of the two, or a built-in program
 * that is loaded already. */
struct source {
	int prog_fd; /* borrowed; -1: none */
	const struct builtin *builtin;
};

/* What the slot says, with the change; "" for the default.  Yours to free. */
int change_value(const struct change *c, unsigned int slot, char **value,
		 struct err *e);

/* Puts live (which may be NULL) in the place of what is there, frees that. */
void change_settle(const struct change *c, struct live *live);
void change_settle_pin(const struct change *c, struct pin pin);
/*
 * Keeps the program of a probe without a link; takes prog_fd over.  multi: it
 * was loaded for a multi link.
 */
void change_settle_program(const struct change *c, int prog_fd, bool multi);

/* The target that the fields say now; target_clear() it. */
int change_resolve(const struct change *c, struct target *target,
		   struct err *e);

/*
 * Attaches the program as the texts say, pins it as they say, and lets it take
 * the place of what is attached.  On failure all is as before.
 */
int change_remake(const struct change *c, const struct source *source,
		  struct err *e);

/*
 * Pins a as the texts ask for, in the place of what the pin holds.  The pin is
 * settled then.
 */
int change_repin(const struct change *c, const struct attachment *a,
		 struct err *e);

/* Pins what is attached at path, removes the pin that was. */
int change_pin(const struct change *c, const char *path, struct err *e);
int change_unpin(const struct change *c, struct err *e);

#endif
