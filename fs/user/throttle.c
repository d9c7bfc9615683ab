// SPDX-License-Identifier: BSD-2-Clause
/* throttle.c - counting what may hang, by user. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "fs/user/owner.h"
#include "fs/user/throttle.h"

enum {
	AT_ONCE = 48, /* of the threads that serve, see session.c */
	ROOTS = 16, /* of those are root's alone */
	ROOM = 2 * AT_ONCE, /* for those that wait, too */
	SECONDS = 2, /* for one to come free */
};

/* A turn that somebody has, or waits for. */
struct turn {
	uid_t uid, owner; /* the owner as of when it was asked for */
	bool taken;
};

static struct pool {
	const char *what;
	size_t of_user; /* but root, at a time */
	size_t taken, count;
	struct turn turns[ROOM]; /* in no order: count of them */
} pools[] = {
	[THROTTLE_WRITE] = { .what = "writes", .of_user = 16 },
	[THROTTLE_PATH] = { .what = "paths", .of_user = 8 },
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t given = PTHREAD_COND_INITIALIZER;

static size_t count_of(const struct pool *pool, uid_t owner)
{
	size_t i, count = 0;

	for (i = 0; i < pool->count; i++)
		count += pool->turns[i].owner == owner;
	return count;
}

/* What a user other than root may have, of what others of those leave. */
static size_t limit(const struct pool *pool, size_t own)
{
	size_t others = pool->count - own - count_of(pool, 0);
	size_t left = others < AT_ONCE - ROOTS ? AT_ONCE - ROOTS - others : 0;
	size_t share = left > 1 ? left / 2 : left;

	return share < pool->of_user ? share : pool->of_user;
}

static bool may_have(const struct pool *pool, uid_t owner, size_t own)
{
	return owner ? own < limit(pool, own) : own < ROOM - (AT_ONCE - ROOTS);
}

static int wait_for_one(struct pool *pool)
{
	struct timespec until;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += SECONDS;
	while (pool->taken == AT_ONCE && !err)
		err = pthread_cond_clockwait(&given, &lock, CLOCK_MONOTONIC,
					     &until);
	return err;
}

static void drop(struct pool *pool, uid_t uid, bool taken)
{
	size_t i;

	for (i = 0; i < pool->count; i++)
		if (pool->turns[i].uid == uid && pool->turns[i].taken == taken)
			break;
	if (i == pool->count)
		return;
	pool->taken -= taken;
	pool->turns[i] = pool->turns[--pool->count];
}

static void add(struct pool *pool, uid_t uid, uid_t owner, bool taken)
{
	pool->taken += taken;
	pool->turns[pool->count++] = (struct turn){ uid, owner, taken };
}

static int take_one(struct pool *pool, uid_t uid, size_t *own)
{
	uid_t owner = owner_of(uid);
	int err;

	*own = count_of(pool, owner);
	if (!may_have(pool, owner, *own))
		return EAGAIN;
	add(pool, uid, owner, false);
	err = wait_for_one(pool);
	drop(pool, uid, false);
	if (!err)
		add(pool, uid, owner, true);
	return err;
}

int throttle_enter(enum turns turns, uid_t uid, struct err *e)
{
	struct pool *pool = &pools[turns];
	size_t own;
	int err;

	owner_refresh();
	pthread_mutex_lock(&lock);
	err = take_one(pool, uid, &own);
	pthread_mutex_unlock(&lock);
	if (err)
		return fail(
			e, EAGAIN,
			"too many %s are under way, %zu of them yours, and some may hang; try again later",
			pool->what, own);
	return 0;
}

void throttle_leave(enum turns turns, uid_t uid)
{
	pthread_mutex_lock(&lock);
	drop(&pools[turns], uid, true);
	pthread_cond_broadcast(&given);
	pthread_mutex_unlock(&lock);
}
