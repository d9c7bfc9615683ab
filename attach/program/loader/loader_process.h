/* SPDX-License-Identifier: BSD-2-Clause */
/* loader_process.h - the process that loads: its beginning and its end. */
#ifndef ATTACH_PROGRAM_LOADER_LOADER_PROCESS_H
#define ATTACH_PROGRAM_LOADER_LOADER_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "fail.h"

/*
 * A process of our own program, with a table of descriptors of its own, in which
 * there is sock as LOADER_SOCKET and nothing else of ours; sock is borrowed.
 */
int loader_start(int sock, pid_t *pid);

/*
 * Waits for its end, and brings that about: at once, or with patience when its
 * socket is closed, so that it is about to end.  The status of waitpid(2), or -1.
 */
int loader_reap(pid_t pid, bool patience);

/* EIO: what it died of, by that status. */
int loader_explain_death(int status, struct err *e);

#endif
