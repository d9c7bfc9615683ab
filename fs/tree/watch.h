/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * watch.h - poll(2) on the files of a probe.
 *
 * A file is ready when what the probe has attached has changed since the file
 * was opened, or the probe is gone.  What goes behind our back is found by
 * fs/tree/patrol.c.
 */
#ifndef FS_TREE_WATCH_H
#define FS_TREE_WATCH_H

#include <fuse_lowlevel.h>
#include <sys/queue.h>

#include "fs/tree/tree.h"

LIST_HEAD(watchers, watcher);

/*
 * Has handle, of the open file fh, woken at the next change; takes it over, and
 * lets go of an older one of the same file.  The lock is held.
 */
void watch_add(struct tree *tree, struct probe *probe, uint64_t fh,
	       struct fuse_pollhandle *handle);
void watch_forget(struct probe *probe, uint64_t fh);

/* Takes all who watch out of the probe.  The lock is held. */
void watch_take(struct probe *probe, struct watchers *taken);

/* Wakes and frees them, or frees them only.  No lock. */
void watch_wake(struct watchers *taken);
void watch_drop(struct watchers *taken);

#endif
