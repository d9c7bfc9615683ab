// SPDX-License-Identifier: BSD-2-Clause
/*
 * poll.c - who waits for a probe to change, and a thread that looks for them.
 */
#include <stdlib.h>
#include <time.h>

#include "attach/fate.h"
#include "fs/tree/poll.h"
#include "fs/tree/snapshot.h"

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

void poll_forget(struct probe *probe, uint64_t fh)
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

void poll_take(struct probe *probe, struct watchers *taken)
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

void poll_wake(struct watchers *taken)
{
	end_all(taken, true);
}

void poll_drop(struct watchers *taken)
{
	end_all(taken, false);
}

enum { PATROL_SECONDS = 1 };

/* What a probe has lost behind our back, as bits. */
enum {
	LOST_TARGET = 1,
	LOST_PIN = 2,
	LOST_SHAPE = 4, /* it is attached, but not as it was */
};

static unsigned int lost(const struct view *view)
{
	static const unsigned int bits_of[] = {
		[FATE_WHOLE] = 0,
		[FATE_CHANGED] = LOST_SHAPE,
		[FATE_GONE] = LOST_TARGET,
	};
	unsigned int bits = 0;
	struct fate fate;

	if (view->attached) {
		view_fate(view, &fate);
		bits |= bits_of[fate.is];
		fate_clear(&fate);
	}
	if (view->pins.now.name && !view_pinned(view))
		bits |= LOST_PIN;
	return bits;
}

/* A change under way wakes the pollers when it is done. */
static void tell(struct tree *tree, uint64_t number,
		 const struct attached *attached, unsigned int bits)
{
	struct watchers woken = LIST_HEAD_INITIALIZER(woken);
	struct probe *probe;

	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, number);
	if (probe && !probe->busy && probe->attached == attached) {
		if (bits & ~probe->lost) {
			probe->changes++;
			poll_take(probe, &woken);
		}
		probe->lost = bits;
	}
	pthread_mutex_unlock(&tree->lock);
	poll_wake(&woken);
}

static void look(struct tree *tree, uint64_t number)
{
	struct view view;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = view_take(tree, number, NULL, &view);
	pthread_mutex_unlock(&tree->lock);
	if (!err)
		tell(tree, number, view.attached, lost(&view));
	view_drop(&view);
}

/* The probes that are polled; *numbers is the caller's to free. */
static size_t polled(struct tree *tree, uint64_t **numbers)
{
	const struct probe *probe;
	size_t count = 0;

	LIST_FOREACH(probe, &tree->watched, watched)
		count++;
	*numbers = calloc(count, sizeof(**numbers));
	count = 0;
	if (*numbers)
		LIST_FOREACH(probe, &tree->watched, watched)
			(*numbers)[count++] = probe_number(probe);
	return count;
}

static void look_at_all(struct tree *tree)
{
	uint64_t *numbers;
	size_t i, count = polled(tree, &numbers);

	pthread_mutex_unlock(&tree->lock);
	for (i = 0; numbers && i < count; i++)
		look(tree, numbers[i]);
	free(numbers);
	pthread_mutex_lock(&tree->lock);
}

static void wait_a_while(struct tree *tree)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += PATROL_SECONDS;
	pthread_cond_clockwait(&tree->patrolled, &tree->lock, CLOCK_MONOTONIC,
			       &until);
}

static void *patrol(void *arg)
{
	struct tree *tree = arg;

	pthread_mutex_lock(&tree->lock);
	while (!tree->patrol_ends) {
		if (LIST_EMPTY(&tree->watched)) {
			pthread_cond_wait(&tree->patrolled, &tree->lock);
		} else {
			wait_a_while(tree);
			look_at_all(tree);
		}
	}
	pthread_mutex_unlock(&tree->lock);
	return NULL;
}

/* Without a thread only what is done through the mount wakes a poller. */
static void patrol_add(struct tree *tree, struct probe *probe)
{
	LIST_INSERT_HEAD(&tree->watched, probe, watched);
	if (!tree->has_patrol)
		tree->has_patrol =
			!pthread_create(&tree->patrol, NULL, patrol, tree);
	/* It waits for the first; for the others it comes by anyway. */
	if (!LIST_NEXT(probe, watched))
		pthread_cond_signal(&tree->patrolled);
}

/* Without memory the watcher is woken now, and asks again. */
void poll_add(struct tree *tree, struct probe *probe, uint64_t fh,
	      struct fuse_pollhandle *handle)
{
	struct watcher *watcher;

	poll_forget(probe, fh);
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

void poll_end(struct tree *tree)
{
	if (!tree->has_patrol)
		return;
	pthread_mutex_lock(&tree->lock);
	tree->patrol_ends = true;
	pthread_cond_signal(&tree->patrolled);
	pthread_mutex_unlock(&tree->lock);
	pthread_join(tree->patrol, NULL);
}
