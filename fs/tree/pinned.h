/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pinned.h - whether a probe is pinned, asked while its pin is being replaced.
 *
 * What is in the bpffs and what the tree knows of it cannot change in the same
 * moment.  So a reader looks for the pin and for what it is becoming, and finds
 * neither only if there is none, or if it has read what has changed since: then
 * it reads again.
 */
#ifndef FS_TREE_PINNED_H
#define FS_TREE_PINNED_H

#include "fs/tree/tree.h"

/* Copies, with descriptors of their own. */
struct pins {
	struct pin now, next;
	uint32_t changes;
};

#define PINS_NONE ((struct pins){ .now = PIN_NONE, .next = PIN_NONE })

/* The lock is held.  ENOMEM, EMFILE. */
int pins_take(const struct probe *probe, struct pins *pins);
void pins_drop(struct pins *pins); /* no lock */

/* What was taken of the probe of that node, or what it has by now, is there. */
bool pins_alive(struct tree *tree, uint64_t number, const struct pins *taken);

#endif
