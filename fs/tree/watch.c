// SPDX-License-Identifier: BSD-2-Clause
/* watch.c - who waits for a probe to change. */
#include <stdlib.h>

#include "fs/tree/patrol.h"
#include "fs/tree/watch.h"

struct watcher {
	LIST_ENTRY(watcher) entry;
	uint64_t fh;
	struct fuse_pollhandle *handle;
};

static struct watcher *find(struct probe *probe, uint64_t fh)
{
	struct watcher *watcher;

	LIST_FOREACH(watcher, &probe->watchers, entry)
		if (watcher->fh == fh)
			return watcher;
	return NULL;
}

void watch_forget(struct probe *probe, uint64_t fh)
{
	struct watcher *watcher = find(probe, fh);

	if (!watcher)
		return;
	LIST_REMOVE(watcher, entry);
	if (LIST_EMPTY(&probe->watchers))
		LIST_REMOVE(probe, watched);
	fuse_pollhandle_destroy(watcher->handle);
	free(watcher);
}

/* Without memory the watcher is woken now, and asks again. */
void watch_add(struct tree *tree, struct probe *probe, uint64_t fh,
	       struct fuse_pollhandle *handle)
{
	struct watcher *watcher;

	watch_forget(probe, fh);
	watcher = malloc(sizeof(*watcher));
	if (!watcher) {
		fuse_lowlevel_notify_poll(handle);
		fuse_pollhandle_destroy(handle);
		return;
	}
	watcher->fh = fh;
	watcher->handle = handle;
	if (LIST_EMPTY(&probe->watchers))
		patrol_add(tree, probe);
	LIST_INSERT_HEAD(&probe->watchers, watcher, entry);
}

void watch_take(struct probe *probe, struct watchers *taken)
{
	struct watcher *watcher;

	LIST_INIT(taken);
	if (!LIST_EMPTY(&probe->watchers))
		LIST_REMOVE(probe, watched);
	while ((watcher = LIST_FIRST(&probe->watchers))) {
		LIST_REMOVE(watcher, entry);
		LIST_INSERT_HEAD(taken, watcher, entry);
	}
}

static void end_all(struct watchers *taken, bool wake)
{
	struct watcher *watcher;

	while ((watcher = LIST_FIRST(taken))) {
		LIST_REMOVE(watcher, entry);
		if (wake)
			fuse_lowlevel_notify_poll(watcher->handle);
		fuse_pollhandle_destroy(watcher->handle);
		free(watcher);
	}
}

void watch_wake(struct watchers *taken)
{
	end_all(taken, true);
}

void watch_drop(struct watchers *taken)
{
	end_all(taken, false);
}
