/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe_name.h - what a name in a probe's directory stands for; private to
 * fs/probe_*.c.
 */
#ifndef FS_PROBE_NAME_H
#define FS_PROBE_NAME_H

#include "fs/tree/files.h"

struct probe_name {
	struct nest *nest;
	uint64_t number; /* of the node */
	unsigned int slot; /* of a file of the probe; 0: none */
	struct file file;
	bool hidden;
	struct scratch *scratch; /* NULL: none; only while the lock is held */
};

/*
 * ENOENT: no such directory; EPERM: it has nothing beside its files; ENAMETOOLONG, since
 * some kernels let FUSE have longer names.  The lock is held.
 */
int probe_name_find(struct tree *tree, uint64_t dir, const char *name,
		    struct probe_name *out);

static inline bool probe_name_is_there(const struct probe_name *name)
{
	return name->scratch || (name->slot && !name->hidden);
}

#endif
