/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * prepare.h - the file system itself, as the daemon that mounts it sees it.
 */
#ifndef FS_DAEMON_PREPARE_H
#define FS_DAEMON_PREPARE_H

#include "fail.h"
#include "fs/daemon/options.h"

/*
 * What can fail before anything is mounted: finds or mounts tracefs and bpffs,
 * removes the events that dead daemons left behind.
 */
int prepare_prepare(const struct options *o, struct err *e);

/* The userdata of the session, or NULL with *e filled. */
void *prepare_make(const struct options *o, struct err *e);
void prepare_free(void *state); /* NULL is fine */

#endif
