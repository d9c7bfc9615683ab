// SPDX-License-Identifier: BSD-2-Clause
/* follower.c - finding, dropping and counting followers. */
#include <stdlib.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "fs/change/follower.h"
#include "fs/tree/node.h"

uint64_t follower_directory(uint64_t number)
{
	struct node node = node_of(number);

	return node_number(node.area, node.object, SLOT_SELF);
}

void follow_wake(const struct follow *f)
{
	uint64_t one = 1;

	if (f->wake >= 0 && write(f->wake, &one, sizeof(one)) < 0)
		return; /* full: it is awake */
}

struct follower *follower_find(struct follow *f, uint64_t number)
{
	uint64_t probe = follower_directory(number);
	struct follower *one;

	LIST_FOREACH(one, &f->list, entry)
		if (one->probe == probe)
			return one;
	return NULL;
}

static bool is_watched(const struct follow *f, int watch)
{
	const struct follower *one;

	LIST_FOREACH(one, &f->list, entry)
		if (trail_has(&one->trail, watch))
			return true;
	return false;
}

void follower_untrail(struct follow *f, struct trail *trail)
{
	struct trail old = *trail;
	size_t i;

	*trail = (struct trail){ .waits = -1 };
	for (i = 0; i < old.count; i++) {
		if (is_watched(f, old.watches[i]))
			continue;
		inotify_rm_watch(f->inotify, old.watches[i]);
		f->removals++;
	}
	trail_clear(&old);
}

void follower_free(struct follower *one)
{
	mandate_put(one->mandate);
	trail_clear(&one->trail);
	free(one->path);
	free(one->warning);
	free(one);
}

void follower_drop(struct follow *f, struct follower *one)
{
	LIST_REMOVE(one, entry);
	follower_untrail(f, &one->trail);
	one->dead = true;
	if (!one->running)
		follower_free(one);
	if (LIST_EMPTY(&f->list))
		follow_wake(f);
}

uid_t follower_owner(const struct follower *one)
{
	return mandate_owner(one->mandate);
}

bool followers_full(const struct follow *f, uid_t owner)
{
	const struct follower *one;
	size_t all = 0, of_user = 0;

	LIST_FOREACH(one, &f->list, entry) {
		all += one->mandate != NULL;
		of_user += one->mandate && follower_owner(one) == owner;
	}
	if (!owner)
		return all >= FOLLOWERS;
	return all >= FOLLOWERS - FOLLOWERS_USER || of_user >= FOLLOWERS_USER;
}
