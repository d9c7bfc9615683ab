/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spawn.h - processes of our own program, which do for a user what the daemon
 * must not.
 *
 * Nothing of the daemon's memory is in one, and of its descriptors those alone
 * that it is given.  main() finds by the name what it is to be.
 *
 * Locking: none is needed.
 */
#ifndef ATTACH_PROGRAM_LOADER_SPAWN_H
#define ATTACH_PROGRAM_LOADER_SPAWN_H

#include <stddef.h>
#include <sys/types.h>

enum {
	SPAWN_FIRST = 3
}; /* descriptor that is given; those below are /dev/null */

/*
 * name is all its arguments.  fds, which are borrowed, become SPAWN_FIRST and so
 * on; -1 is left out.  One must not be what an earlier one becomes.
 */
int spawn_self(const char *name, const int *fds, size_t count, pid_t *pid);

/* Waits until it has ended: the status of waitpid(2), or -1. */
int spawn_reap(pid_t pid);

#endif
