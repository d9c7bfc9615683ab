/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * snapshot.h - a probe as it was at one moment.
 *
 * Locking: a view is taken with the lock held and then read without it, so no
 * text is made under the lock.
 */
#ifndef FS_TREE_SNAPSHOT_H
#define FS_TREE_SNAPSHOT_H

#include "fs/tree/tree.h"
#include "fs/user/caller.h"

struct fate;

/* A pin, and what it is becoming by a change under way: copies, with
   descriptors of their own. */
struct pins {
	struct pin now, next;
	uint32_t changes;
};

#define PINS_NONE ((struct pins){ .now = PIN_NONE, .next = PIN_NONE })

/* ENOMEM, EMFILE.  The lock is held. */
int pins_take(const struct probe *probe, struct pins *pins);

/* A probe, or what stands in its place, as it was at one moment. */
struct view {
	struct tree *tree;
	struct node node;
	const struct kind *kind; /* NULL outside the kinds' directories */
	struct config config; /* a copy; empty outside probes */
	struct attached *attached; /* held, or NULL */
	struct pins pins; /* copies, with their own descriptors */
	bool waiting; /* a program is kept, but not attached */
	const struct caller *caller; /* the user that asks; NULL for nobody */
	char *error; /* of a kind, or of the root */
};

/* ENOENT when the node is gone.  The lock is held. */
int view_take(struct tree *tree, uint64_t number, const struct caller *caller,
	      struct view *view);
void view_drop(struct view *view); /* no lock */

/* The probe is pinned, now.  No lock. */
bool view_pinned(const struct view *view);

/* What has become of what is attached, which there must be.  No lock. */
void view_fate(const struct view *view, struct fate *fate);

#endif
