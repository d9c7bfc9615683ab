/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * poll.h - poll(2) on the files of a probe.
 *
 * A file is ready when what the probe has attached has changed since the file
 * was opened, or the probe is gone.  The kernel tells nobody that a link has
 * lost its program or that a pin was removed.  So the probes that are polled
 * are looked at once in a while by a thread; when nobody polls, it sleeps.
 */
#ifndef FS_TREE_POLL_H
#define FS_TREE_POLL_H

#include <fuse_lowlevel.h>
#include <sys/queue.h>

#include "fs/tree/tree.h"

LIST_HEAD(watchers, watcher);

/*
 * Has handle, of the open file fh, woken at the next change; takes it over, and
 * lets go of an older one of the same file.  The lock is held.
 */
void poll_add(struct tree *tree, struct probe *probe, uint64_t fh,
	      struct fuse_pollhandle *handle);
void poll_forget(struct probe *probe, uint64_t fh);

/* Takes all watchers out of the probe.  The lock is held. */
void poll_take(struct probe *probe, struct watchers *taken);

/* Wakes and frees them, or frees them only.  No lock. */
void poll_wake(struct watchers *taken);
void poll_drop(struct watchers *taken);

/* Ends the thread, before the tree is freed.  No lock. */
void poll_end(struct tree *tree);

#endif
