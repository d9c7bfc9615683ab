/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * meant.h - which name was meant by one that is near it.
 *
 * Any name can be made beside a probe's files, so a mistake in typing one is no
 * error by itself.  Names that tools make have digits, dots and the like in
 * them and are never taken for a mistake.
 */
#ifndef FS_TREE_MEANT_H
#define FS_TREE_MEANT_H

#include "fs/tree/tree.h"

/*
 * NULL: none is near.  Otherwise a constant of the tables; the name itself
 * where it is that of a file which this directory does not have, others do.
 */
const char *meant_file(uint64_t dir, const char *name);
const char *meant_kind(const char *name);

/* A file beside those of a probe that was meant to be one of them. */
struct stray {
	char *name; /* NULL: no file is stray */
	char *sentence;
};

/* The first of the probe of that node.  Takes the lock. */
void stray_find(struct tree *tree, uint64_t number, struct stray *stray);
void stray_clear(struct stray *stray);

#endif
