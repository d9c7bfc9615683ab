// SPDX-License-Identifier: BSD-2-Clause
/* turn.c - counting what may hang, by user. */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "fs/turn.h"

enum {
	AT_ONCE = 48, /* of the threads that serve, see session.c */
	SECONDS = 2, /* for one to come free */
};

/* The users of the turns that are taken, in no order. */
static struct pool {
	const char *what;
	size_t of_user; /* but root, at a time */
	size_t count;
	uid_t users[AT_ONCE];
} pools[] = {
	[TURNS_WRITE] = { .what = "writes", .of_user = 16 },
	[TURNS_PATH] = { .what = "paths", .of_user = 8 },
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t given = PTHREAD_COND_INITIALIZER;

static size_t count_of(const struct pool *pool, uid_t uid)
{
	size_t i, count = 0;

	for (i = 0; i < pool->count; i++)
		count += pool->users[i] == uid;
	return count;
}

static int wait_for_one(const struct pool *pool)
{
	struct timespec until;
	int err = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SECONDS;
	while (pool->count == AT_ONCE && !err)
		err = pthread_cond_timedwait(&given, &lock, &until);
	return err;
}

int turn_take(enum turns turns, uid_t uid, struct err *e)
{
	struct pool *pool = &pools[turns];
	size_t own;
	int err = 0;

	pthread_mutex_lock(&lock);
	own = count_of(pool, uid);
	if (uid != 0 && own >= pool->of_user)
		err = EAGAIN;
	else
		err = wait_for_one(pool);
	if (!err)
		pool->users[pool->count++] = uid;
	pthread_mutex_unlock(&lock);
	if (err)
		return fail(
			e, EAGAIN,
			"too many %s are under way, %zu of them yours, and some may hang; try again later",
			pool->what, own);
	return 0;
}

void turn_give(enum turns turns, uid_t uid)
{
	struct pool *pool = &pools[turns];
	size_t i = 0;

	pthread_mutex_lock(&lock);
	while (i < pool->count && pool->users[i] != uid)
		i++;
	if (i < pool->count)
		pool->users[i] = pool->users[--pool->count];
	pthread_cond_broadcast(&given);
	pthread_mutex_unlock(&lock);
}
