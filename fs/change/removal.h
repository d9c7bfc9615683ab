/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * removal.h - removing directories of probes side by side.
 *
 * Locking: called without.
 */
#ifndef FS_CHANGE_REMOVAL_H
#define FS_CHANGE_REMOVAL_H

#include <stdbool.h>
#include <sys/types.h>

#include "fs/tree/tree.h"

/*
 * True when the thread's RMDIR of the claimed probe is to be answered with
 * ESTALE, upon which the kernel asks once more.
 */
bool removal_comes_again(struct tree *tree, pid_t tid, struct probe *probe);

/*
 * The thread looks a name in the root up: if it is on the way back from such an
 * answer, what the probe has is detached before this returns.
 */
void removal_passes(struct tree *tree, pid_t tid);

#endif
