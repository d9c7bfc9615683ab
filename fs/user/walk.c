// SPDX-License-Identifier: BSD-2-Clause
/* walk.c - a thread for each thing that is opened at a time. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "fs/user/throttle.h"
#include "fs/user/walk.h"
#include "scope.h"

/* Freed by the later of the thread and the one that waits for it. */
struct walker {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool done, alone; /* the thread has ended; nobody waits for it */
	struct walk *walk;
	int fd;
	struct err e;
};

static dev_t own_device;

void walk_set_device(dev_t device)
{
	own_device = device;
}

bool walk_is_own(const struct stat *st)
{
	return st->st_dev == own_device;
}

static _Thread_local bool last;

void walk_is_last(void)
{
	last = true;
}

static void walker_free(struct walker *w)
{
	w->walk->free(w->walk);
	pthread_cond_destroy(&w->ended);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static void walker_run(struct walker *w)
{
	uid_t uid = w->walk->uid;
	bool alone;
	int fd;

	fd = w->walk->open(w->walk, &w->e);
	throttle_leave(THROTTLE_PATH, uid);
	pthread_mutex_lock(&w->lock);
	w->fd = fd;
	w->done = true;
	alone = w->alone;
	pthread_cond_signal(&w->ended);
	pthread_mutex_unlock(&w->lock);
	if (alone) {
		fd_close(fd);
		walker_free(w);
	}
}

/*
 * One thread that has done its walk waits for another: to start and to end
 * threads takes longer than most walks.
 */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t given;
	bool waits;
	struct walker *next; /* for the thread that waits, until it takes it */
} spare = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.given = PTHREAD_COND_INITIALIZER,
};

/* NULL: another waits already. */
static struct walker *spare_wait(void)
{
	struct walker *w = NULL;

	pthread_mutex_lock(&spare.lock);
	if (!spare.waits && !spare.next) {
		spare.waits = true;
		while (!spare.next)
			pthread_cond_wait(&spare.given, &spare.lock);
		w = spare.next;
		spare.next = NULL;
	}
	pthread_mutex_unlock(&spare.lock);
	return w;
}

/* False when none waits. */
static bool spare_give(struct walker *w)
{
	bool waits;

	pthread_mutex_lock(&spare.lock);
	waits = spare.waits;
	if (waits) {
		spare.waits = false;
		spare.next = w;
		pthread_cond_signal(&spare.given);
	}
	pthread_mutex_unlock(&spare.lock);
	return waits;
}

static void *run(void *arg)
{
	struct walker *w = arg;

	do
		walker_run(w);
	while (!last && (w = spare_wait()));
	return NULL;
}

static int start(struct walker *w)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	if (spare_give(w))
		return 0;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &attr, run, w);
	pthread_attr_destroy(&attr);
	return err;
}

int walk_late(const char *what, struct err *e)
{
	return fail(e, ETIMEDOUT, "'%s' has not answered for %d seconds", what,
		    WALK_SECONDS);
}

/* What the thread opened; frees the walker if the thread has ended. */
static int wait_for(struct walker *w, struct err *e)
{
	struct timespec until;
	bool done;
	int fd, late = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += WALK_SECONDS;
	pthread_mutex_lock(&w->lock);
	while (!w->done && !late)
		late = pthread_cond_clockwait(&w->ended, &w->lock,
					      CLOCK_MONOTONIC, &until);
	done = w->done;
	w->alone = true;
	fd = done ? w->fd : walk_late(w->walk->what, e);
	if (done && fd < 0 && e)
		*e = w->e;
	pthread_mutex_unlock(&w->lock);
	if (done)
		walker_free(w);
	return fd;
}

static struct walker *walker_make(struct walk *walk)
{
	struct walker *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->ended, NULL);
	w->walk = walk;
	return w;
}

int walk_open(struct walk *walk, struct err *e)
{
	struct walker *w = walker_make(walk);
	int err;

	if (!w) {
		walk->free(walk);
		return fail(e, ENOMEM, "no memory");
	}
	err = throttle_enter(THROTTLE_PATH, walk->uid, e);
	if (!err && start(w)) {
		throttle_leave(THROTTLE_PATH, walk->uid);
		err = fail(e, EAGAIN, "no thread for the path '%s'",
			   walk->what);
	}
	if (!err)
		return wait_for(w, e);
	walker_free(w);
	return err;
}
