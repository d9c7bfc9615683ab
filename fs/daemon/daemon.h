/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * daemon.h - becoming a daemon that nobody has to wait for.
 *
 * The caller of mount(8) goes on when the file system answers, and not before;
 * until then messages reach its stderr and the exit status is that of the
 * daemon to be.  Whatever the caller had open is closed: a lock file or the
 * pipe of a $(mount ...) must not stay with a process that lives for months.
 */
#ifndef FS_DAEMON_DAEMON_H
#define FS_DAEMON_DAEMON_H

#include <stdbool.h>

#include "fail.h"

enum {
	/* Exit statuses of mount(8). */
	EXIT_USAGE = 1,
	EXIT_SYSTEM = 2,
	EXIT_MOUNT = 32,

	DAEMON_CHILD = -1,
	DAEMON_NOT_READY = -1, /* a pipe of nobody's: in the foreground */
};

/* Before the first descriptor is opened: it must not become stdout. */
int daemon_open_stdio(struct err *e);

/*
 * DAEMON_CHILD and *ready in the child.  In the parent the exit status, once
 * the child is ready or dead; EXIT_SYSTEM with *e filled if there is no child.
 */
int daemon_fork(int *ready, struct err *e);

/* Limits, heap, environment and signals that do not depend on the mounter. */
void daemon_prepare(void);

/*
 * Leaves the caller's session, directory and terminal, and tells the parent.
 * Does nothing with DAEMON_NOT_READY.
 */
void daemon_detach(int ready);

/* To stderr, or to syslog(3) once detached.  priority as there. */
void daemon_say(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* As daemon_say(), for libfuse, which ends its messages with a newline. */
void daemon_log_fuse(void);

#endif
