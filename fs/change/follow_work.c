// SPDX-License-Identifier: BSD-2-Clause
/* follow_work.c - reading what has happened, and seeing to it. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <time.h>

#include "fs/change/follow_work.h"
#include "fs/change/renew.h"
#include "scope.h"

enum {
	WORKERS = 8,
	TURNS = 4, /* of laying a trail and making the probe anew */
	BUSY_TRIES = 250, /* a write to the probe is waited for, */
	BUSY_WAIT = 20, /* milliseconds at a time */
};

static void swap(struct trail *a, struct trail *b)
{
	struct trail was = *a;

	*a = *b;
	*b = was;
}

/*
 * Others may remove a watch, which is theirs alone, between our adding it and
 * our saying so; then it is added again.
 */
int follow_lay(struct follow *f, struct follower *one, struct err *e)
{
	uint64_t removals;
	struct trail trail;
	bool again = true;
	int err = 0, tries;

	for (tries = 0; again && tries < TURNS; tries++) {
		pthread_mutex_lock(&f->lock);
		removals = f->removals;
		pthread_mutex_unlock(&f->lock);
		err = trail_lay(f->inotify, one->mandate, one->path, &trail, e);
		pthread_mutex_lock(&f->lock);
		again = removals != f->removals;
		if (one->dead)
			again = false;
		else if (!again || tries + 1 == TURNS)
			swap(&one->trail, &trail);
		follower_untrail(f, &trail);
		pthread_mutex_unlock(&f->lock);
	}
	return err;
}

static bool is_dead(struct follow *f, const struct follower *one)
{
	bool dead;

	pthread_mutex_lock(&f->lock);
	dead = one->dead;
	pthread_mutex_unlock(&f->lock);
	return dead;
}

/* *path is where the file was found then; owned by the caller. */
static int renew(struct follow *f, const struct follower *one, char **path,
		 struct err *e)
{
	const struct timespec while_busy = { .tv_nsec = BUSY_WAIT * 1000000L };
	int tries = 0, err;

	do {
		err = change_renew(f->tree, one->mandate, one->probe, path, e);
		if (err == -EBUSY)
			nanosleep(&while_busy, NULL);
	} while (err == -EBUSY && ++tries < BUSY_TRIES && !is_dead(f, one));
	return err;
}

/* Takes path, where the file is by now, over. */
static void note_renewal(struct follow *f, struct follower *one, char *path)
{
	free(one->path);
	one->path = path;
	pthread_mutex_lock(&f->lock);
	one->times++;
	pthread_mutex_unlock(&f->lock);
}

/* Goes on until the file is what is attached, and is watched. */
static void see_to(struct follow *f, struct follower *one)
{
	struct err laid, e;
	char *old, *sentence = NULL, *path;
	int err, turn = 0;

	do {
		path = NULL;
		laid.code = 0;
		follow_lay(f, one, &laid);
		err = renew(f, one, &path, &e);
		if (path)
			note_renewal(f, one, path);
	} while (path && ++turn < TURNS);
	if (err)
		sentence = strdup(e.text);
	else if (laid.code)
		sentence = strdup(laid.text);
	pthread_mutex_lock(&f->lock);
	old = one->warning;
	one->warning = sentence;
	pthread_mutex_unlock(&f->lock);
	free(old);
}

static void *work(void *arg)
{
	struct follower *one = arg;
	struct follow *f = one->f;

	see_to(f, one);
	pthread_mutex_lock(&f->lock);
	one->running = false;
	if (one->dead)
		follower_free(one);
	f->workers--;
	follow_wake(f);
	pthread_cond_broadcast(&f->idle);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/* The reader of the events.  The lock is held, but for work() in it. */

static bool may_run(const struct follow *f, const struct follower *one)
{
	const struct follower *other;

	if (!one->due || one->running || !one->mandate || f->workers >= WORKERS)
		return false;
	LIST_FOREACH(other, &f->list, entry)
		if (other->running &&
		    follower_owner(other) == follower_owner(one))
			return false;
	return true;
}

static bool spawn(void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &attr, run, arg);
	pthread_attr_destroy(&attr);
	return !err;
}

/* Without a thread it stays due, until anything happens. */
static void launch(struct follow *f)
{
	struct follower *one;

	LIST_FOREACH(one, &f->list, entry) {
		if (!may_run(f, one))
			continue;
		one->running = spawn(work, one);
		one->due = !one->running;
		f->workers += one->running;
	}
}

static void take_one(struct follow *f, const struct inotify_event *event)
{
	struct follower *one;

	LIST_FOREACH(one, &f->list, entry)
		if (event->mask & IN_Q_OVERFLOW ||
		    trail_concerned(&one->trail, event))
			one->due = true;
}

/*
 * What is read at a time: a user can make events as fast as they are read, and
 * others wait for the lock.
 */
static void take_some(struct follow *f)
{
	char buffer[4096]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	uint64_t ignored;
	ssize_t length, at;

	if (read(f->wake, &ignored, sizeof(ignored)) < 0)
		ignored = 0;
	length = read(f->inotify, buffer, sizeof(buffer));
	for (at = 0; at < length;
	     at += (ssize_t)(sizeof(*event) + event->len)) {
		event = (const void *)(buffer + at);
		take_one(f, event);
	}
}

static void *read_events(void *arg)
{
	struct follow *f = arg;
	struct pollfd fds[2];

	pthread_mutex_lock(&f->lock);
	while (!LIST_EMPTY(&f->list) || f->workers) {
		launch(f);
		fds[0] = (struct pollfd){ .fd = f->inotify, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = f->wake, .events = POLLIN };
		pthread_mutex_unlock(&f->lock);
		poll(fds, 2, -1);
		pthread_mutex_lock(&f->lock);
		take_some(f);
	}
	f->reads = false;
	fd_close(take_fd(&f->inotify));
	fd_close(take_fd(&f->wake));
	pthread_cond_broadcast(&f->idle);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

int follow_read(struct follow *f, struct err *e)
{
	if (f->reads)
		return 0;
	f->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	f->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (f->inotify >= 0 && f->wake >= 0 && spawn(read_events, f)) {
		f->reads = true;
		return 0;
	}
	fail(e, errno ? errno : EAGAIN,
	     "the kernel gives no inotify instance, descriptor or thread to follow with");
	fd_close(take_fd(&f->inotify));
	fd_close(take_fd(&f->wake));
	return -EAGAIN;
}
