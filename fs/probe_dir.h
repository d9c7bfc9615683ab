/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe_dir.h - names that come, go and move in the directory of a probe.
 *
 * The probe's own files cannot go, but they can be hidden: unlink(2) resets one
 * to what it was after mkdir(2), and rename(2) of one leaves a copy under the
 * new name while the value stays in force; the name comes back when it is made
 * again or something is renamed onto it.  All other names are scratch files.
 *
 * Locking: called without.  Each returns 0 or -errno.
 */
#ifndef FS_PROBE_DIR_H
#define FS_PROBE_DIR_H

#include <sys/stat.h>

#include "fs/tree/tree.h"
#include "fs/user/caller.h"

/* A scratch file, or a file of the probe, or of a kind, that was hidden. */
int probe_dir_create(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name, mode_t mode,
		     uint64_t *number);
/* A scratch directory: always empty. */
int probe_dir_mkdir(struct tree *tree, const struct caller *caller,
		    uint64_t dir, const char *name, mode_t mode,
		    uint64_t *number);
int probe_dir_rmdir(struct tree *tree, const struct caller *caller,
		    uint64_t dir, const char *name);
int probe_dir_unlink(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name);
/* flags: RENAME_NOREPLACE; EINVAL for others. */
int probe_dir_rename(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name, uint64_t to,
		     const char *new_name, unsigned int flags);

#endif
