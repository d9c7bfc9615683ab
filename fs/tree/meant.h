/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * meant.h - which name was meant by one that is near it.
 *
 * Any name can be made beside a probe's files, so a mistake in typing one is no
 * error by itself.  Names that tools make have digits, dots and the like in them
 * and are never taken for a mistake.
 */
#ifndef FS_TREE_MEANT_H
#define FS_TREE_MEANT_H

#include "fs/tree/node.h"

/*
 * NULL: none is near.  Otherwise a constant of the tables; the name itself where
 * it is that of a file which this directory does not have, others do.
 */
const char *meant_file(uint64_t dir, const char *name);
const char *meant_kind(const char *name);

#endif
