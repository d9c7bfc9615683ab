// SPDX-License-Identifier: BSD-2-Clause
/* follow_work.c - reading what has happened, and seeing to it. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <time.h>

#include "attach/kernel/cpu_events.h"
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
	bool again = one->path;
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

static int renew(struct follow *f, const struct follower *one,
		 struct renewal *renewal, struct err *e)
{
	const struct timespec while_busy = { .tv_nsec = BUSY_WAIT * 1000000L };
	int tries = 0, err;

	do {
		err = change_renew(f->tree, one->mandate, one->probe, renewal,
				   e);
		if (err == -EBUSY)
			nanosleep(&while_busy, NULL);
	} while (err == -EBUSY && ++tries < BUSY_TRIES && !is_dead(f, one));
	return err;
}

/* Takes the path, where the file is by now, over. */
static void note_renewal(struct follow *f, struct follower *one,
			 const struct renewal *renewal)
{
	if (renewal->path) {
		free(one->path);
		one->path = renewal->path;
	}
	pthread_mutex_lock(&f->lock);
	one->times++;
	pthread_mutex_unlock(&f->lock);
}

/* Goes on until what is followed is what is attached, and a file is watched. */
static void see_to(struct follow *f, struct follower *one)
{
	char *old, *sentence = NULL;
	struct renewal renewal;
	struct err laid, e;
	int err, turn = 0;

	do {
		laid.code = 0;
		follow_lay(f, one, &laid);
		err = renew(f, one, &renewal, &e);
		if (renewal.done)
			note_renewal(f, one, &renewal);
	} while (renewal.done && ++turn < TURNS);
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

static void take_cpus(struct follow *f)
{
	struct follower *one;

	if (!cpu_events_take(f->cpus))
		return;
	LIST_FOREACH(one, &f->list, entry)
		one->due |= !one->path;
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
	take_cpus(f);
}

static void close_all(struct follow *f)
{
	fd_close(take_fd(&f->inotify));
	fd_close(take_fd(&f->cpus));
	fd_close(take_fd(&f->wake));
}

static void *read_events(void *arg)
{
	struct follow *f = arg;
	struct pollfd fds[3];

	pthread_mutex_lock(&f->lock);
	while (!LIST_EMPTY(&f->list) || f->workers) {
		launch(f);
		fds[0] = (struct pollfd){ .fd = f->inotify, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = f->cpus, .events = POLLIN };
		fds[2] = (struct pollfd){ .fd = f->wake, .events = POLLIN };
		pthread_mutex_unlock(&f->lock);
		poll(fds, 3, -1);
		pthread_mutex_lock(&f->lock);
		take_some(f);
	}
	f->reads = false;
	close_all(f);
	pthread_cond_broadcast(&f->idle);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

static int source_open(struct follow *f, const struct follower *one)
{
	int *source = one->path ? &f->inotify : &f->cpus;

	if (*source >= 0)
		return 0;
	*source = one->path ? inotify_init1(IN_CLOEXEC | IN_NONBLOCK)
			    : cpu_events_open();
	if (*source < 0) {
		*source = -1;
		return -EAGAIN;
	}
	follow_wake(f); /* a reader that is there polls the others only */
	return 0;
}

static int start(struct follow *f)
{
	if (f->reads)
		return 0;
	f->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->reads = f->wake >= 0 && spawn(read_events, f);
	return f->reads ? 0 : -EAGAIN;
}

int follow_read(struct follow *f, const struct follower *one, struct err *e)
{
	int err = source_open(f, one);

	if (!err)
		err = start(f);
	if (!err)
		return 0;
	if (!f->reads)
		close_all(f);
	return fail(
		e, EAGAIN,
		"the kernel gives no %s, descriptor or thread to follow with",
		one->path ? "inotify instance" : "netlink socket");
}
