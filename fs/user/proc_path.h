/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * proc_path.h - paths that name what a process has.
 *
 * openat2(2) with RESOLVE_NO_MAGICLINKS follows none of these links, as they
 * lead wherever the process is; so they are told apart by their text, and
 * opened by what fs/user/process.h asks.
 */
#ifndef FS_USER_PROC_PATH_H
#define FS_USER_PROC_PATH_H

#include <stdbool.h>
#include <sys/types.h>

enum { PROC_REST = 64 }; /* map_files/ and two addresses */

struct proc_path {
	pid_t pid; /* as the writer counts; 0: the writer's own process */
	/* "root", "exe", "fd/N", "map_files/RANGE", "ns/net" */
	char rest[PROC_REST];
	const char *below; /* the path in that root, within path, or NULL */
};

/*
 * Whether path is /proc/PID/REST, where PID may be self or thread-self, or
 * /dev/fd/N.
 */
bool proc_path_parse(const char *path, struct proc_path *out);

#endif
