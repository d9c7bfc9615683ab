// SPDX-License-Identifier: BSD-2-Clause
/* follow.c - what is followed, as writes and views ask for it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/follow_work.h"

/* Lines of `info`, if the probe is followed. */
static void tell(struct teller *teller, uint64_t number, FILE *out)
{
	struct follow *f = (struct follow *)teller;
	const struct follower *one;

	pthread_mutex_lock(&f->lock);
	one = follower_find(f, number);
	if (one)
		fprintf(out, "followed:\t%" PRIu64 "\n", one->times);
	if (one && one->warning)
		fprintf(out, "warning:\tnot followed%s: %s\n",
			one->mandate ? " yet" : "", one->warning);
	pthread_mutex_unlock(&f->lock);
}

struct follow *follow_new(struct tree *tree)
{
	struct follow *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->teller.tell = tell;
	f->tree = tree;
	f->inotify = f->cpus = f->wake = -1;
	LIST_INIT(&f->list);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->idle, NULL);
	tree->teller = &f->teller;
	return f;
}

struct follow *follow_of(const struct tree *tree)
{
	return (struct follow *)tree->teller;
}

static int enter(struct follow *f, struct follower *one, struct err *e)
{
	struct follower *before = follower_find(f, one->probe);
	int err;

	if (before) {
		one->times = before->times;
		follower_drop(f, before);
	}
	if (one->mandate && followers_full(f, follower_owner(one)))
		return fail(e, ENOSPC,
			    "too many probes are followed (%d of one user)",
			    FOLLOWERS_USER);
	/* On the list first, or else the reader may end. */
	LIST_INSERT_HEAD(&f->list, one, entry);
	err = follow_read(f, one, e);
	if (err)
		LIST_REMOVE(one, entry);
	return err;
}

static struct follower *follower_make(struct follow *f, uint64_t number)
{
	struct follower *one = calloc(1, sizeof(*one));

	if (!one)
		return NULL;
	one->f = f;
	one->probe = follower_directory(number);
	one->trail.waits = -1;
	return one;
}

/*
 * What happens while the trail is laid comes to a worker after it, which
 * compares the file with what is attached in any case.
 */
static int lay_first(struct follow *f, struct follower *one, struct err *e)
{
	int err = follow_lay(f, one, e);

	pthread_mutex_lock(&f->lock);
	one->running = false;
	one->due |= !!one->path;
	if (err && !one->dead)
		follower_drop(f, one);
	else if (one->dead)
		follower_free(one);
	else if (one->due)
		follow_wake(f);
	pthread_mutex_unlock(&f->lock);
	return err;
}

int follow_start(struct follow *f, uint64_t number, const struct caller *caller,
		 const char *path, struct err *e)
{
	struct follower *one = follower_make(f, number);
	int err;

	if (!one)
		return fail(e, ENOMEM, "no memory");
	one->mandate = mandate_get(caller, e);
	one->path = path ? strdup(path) : NULL;
	if (!one->mandate || (path && !one->path)) {
		err = one->mandate ? fail(e, ENOMEM, "no memory") : -e->code;
		follower_free(one);
		return err;
	}
	one->running = true;
	pthread_mutex_lock(&f->lock);
	err = enter(f, one, e);
	pthread_mutex_unlock(&f->lock);
	if (!err)
		return lay_first(f, one, e);
	follower_free(one);
	return err;
}

void follow_refused(struct follow *f, uint64_t number, const struct err *why)
{
	struct follower *one = follower_make(f, number), *before;

	if (!one)
		return;
	one->warning = strdup(why->text);
	pthread_mutex_lock(&f->lock);
	before = follower_find(f, number);
	if (before)
		follower_drop(f, before);
	LIST_INSERT_HEAD(&f->list, one, entry);
	pthread_mutex_unlock(&f->lock);
}

void follow_look(struct follow *f, uint64_t number)
{
	struct follower *one;

	pthread_mutex_lock(&f->lock);
	one = follower_find(f, number);
	if (one)
		one->due = true;
	follow_wake(f);
	pthread_mutex_unlock(&f->lock);
}

void follow_stop(struct follow *f, uint64_t number)
{
	struct follower *one;

	pthread_mutex_lock(&f->lock);
	one = follower_find(f, number);
	if (one)
		follower_drop(f, one);
	pthread_mutex_unlock(&f->lock);
}

void follow_free(struct follow *f)
{
	struct follower *one;

	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	while ((one = LIST_FIRST(&f->list)))
		follower_drop(f, one);
	follow_wake(f);
	while (f->reads || f->workers)
		pthread_cond_wait(&f->idle, &f->lock);
	pthread_mutex_unlock(&f->lock);
	pthread_cond_destroy(&f->idle);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
