// SPDX-License-Identifier: BSD-2-Clause
/* probe.c - the life of probes, and how many each user has. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "fs/tree/attached.h"
#include "fs/tree/meta.h"
#include "fs/tree/poll.h"
#include "fs/tree/probe.h"
#include "fs/tree/scratch.h"
#include "fs/user/owner.h"
#include "scope.h"

/*
 * Root makes as many probes as it wants.  Any other user has a share of
 * max_probes, so that one cannot use the mount up.
 */

enum { SHARES = 8 }; /* of max_probes, when max_user_probes is not given */

struct quota {
	LIST_ENTRY(quota) entry;
	uid_t owner;
	uint64_t count;
};

static uint64_t quota_limit(const struct policy *policy)
{
	uint64_t part = policy->max_probes / SHARES;

	if (policy->max_user_probes)
		return policy->max_user_probes;
	return part ? part : 1;
}

/* Users with probes are few. */
static struct quota *quota_find(struct tree *tree, uid_t owner)
{
	struct quota *quota;

	LIST_FOREACH(quota, &tree->quotas, entry)
		if (quota->owner == owner)
			return quota;
	return NULL;
}

/*
 * ENOSPC when the user has that many.  *owner is the one in whose share it
 * counts (fs/user/owner.h), and is given back.
 */
static int quota_take(struct tree *tree, uid_t uid, uid_t *owner, struct err *e)
{
	struct quota *quota;

	*owner = owner_of(uid);
	if (*owner == 0)
		return 0;
	quota = quota_find(tree, *owner);
	if (!quota) {
		quota = calloc(1, sizeof(*quota));
		if (!quota)
			return fail(e, ENOMEM, "no memory");
		quota->owner = *owner;
		LIST_INSERT_HEAD(&tree->quotas, quota, entry);
	}
	if (quota->count >= quota_limit(tree->policy))
		return fail(
			e, ENOSPC,
			"you have %" PRIu64
			" probes, as many as the mount option max_user_probes allows a user",
			quota->count);
	quota->count++;
	return 0;
}

static void quota_give(struct tree *tree, uid_t owner)
{
	struct quota *quota = quota_find(tree, owner);

	if (!quota || --quota->count)
		return;
	LIST_REMOVE(quota, entry);
	free(quota);
}

static void probe_free(struct tree *tree, struct probe *probe)
{
	if (probe->attached && pin_alive(&probe->pin))
		attachment_outlives(probe->attached->attachment);
	pin_forget(&probe->pin);
	attached_retire(tree, probe->attached);
	fd_close(probe->prog_fd);
	config_clear(&probe->config);
	free(probe);
}

int probe_make(struct tree *tree, struct kind_dir *kind_dir,
	       struct config *config, struct probe **out, struct err *e)
{
	uint64_t max = tree->policy->max_probes;
	uid_t owner;
	struct probe *probe;
	int err;

	if (kind_dir_find(kind_dir, config->name))
		return fail(e, EEXIST, "'%s' exists", config->name);
	if (tree->count >= max)
		return fail(
			e, ENOSPC,
			"there are %" PRIu64
			" probes, as many as the mount option max_probes allows",
			max);
	err = quota_take(tree, config->uid, &owner, e);
	if (err)
		return err;
	probe = calloc(1, sizeof(*probe));
	if (!probe) {
		quota_give(tree, owner);
		return fail(e, ENOMEM, "no memory");
	}
	probe->kind_dir = kind_dir;
	probe->id = kind_dir->next_id++;
	probe->config = *config;
	probe->owner = owner;
	probe->pin = probe->pin_next = PIN_NONE;
	probe->prog_fd = -1;
	LIST_INIT(&probe->nest.scratches);
	LIST_INIT(&probe->watchers);
	kind_dir_add(kind_dir, probe);
	tree->count++;
	meta_touch(tree, kind_dir->number, true);
	*out = probe;
	return 0;
}

int probe_claim(struct tree *tree, uint64_t number, bool renews,
		struct probe **probe, struct err *e)
{
	int err = 0;

	pthread_mutex_lock(&tree->lock);
	while ((*probe = tree_find(tree, number)) && (*probe)->renewing)
		pthread_cond_wait(&tree->quiet, &tree->lock);
	if (!*probe)
		err = fail(e, ENOENT, "the probe was removed");
	else if ((*probe)->busy)
		err = fail(
			e, EBUSY,
			"another write to this probe, or its removal, is under way");
	if (!err) {
		(*probe)->busy = true;
		(*probe)->renewing = renews;
	}
	pthread_mutex_unlock(&tree->lock);
	return err;
}

void probe_unclaim(struct tree *tree, struct probe *probe, bool changed,
		   struct watchers *woken)
{
	probe->busy = false;
	if (probe->renewing)
		pthread_cond_broadcast(&tree->quiet);
	probe->renewing = false;
	if (!changed)
		return;
	probe->changes++;
	probe->lost = 0;
	poll_take(probe, woken);
}

void probe_release(struct tree *tree, struct probe *probe, bool changed)
{
	struct watchers woken = LIST_HEAD_INITIALIZER(woken);

	pthread_mutex_lock(&tree->lock);
	probe_unclaim(tree, probe, changed, &woken);
	pthread_mutex_unlock(&tree->lock);
	poll_wake(&woken);
}

void probe_remove(struct tree *tree, struct probe *probe)
{
	struct kind_dir *kind_dir = probe->kind_dir;
	uint64_t number = probe_number(probe);
	struct watchers woken;

	pthread_mutex_lock(&tree->lock);
	scratch_remove_all(tree, &probe->nest);
	quota_give(tree, probe->owner);
	kind_dir_drop(kind_dir, probe);
	tree->count--;
	meta_touch(tree, kind_dir->number, true);
	meta_drop(tree, number & ~UINT64_C(0xff), number | 0xff);
	poll_take(probe, &woken);
	pthread_mutex_unlock(&tree->lock);
	poll_wake(&woken);
	probe_free(tree, probe);
}

static void end(struct tree *tree, struct probe *probe)
{
	struct watchers ignored;

	scratch_remove_all(tree, &probe->nest);
	quota_give(tree, probe->owner);
	poll_take(probe, &ignored);
	poll_drop(&ignored);
	kind_dir_drop(probe->kind_dir, probe);
	probe_free(tree, probe);
}

void probe_end_all(struct tree *tree)
{
	struct probe *probe;
	size_t i;

	poll_end(tree);
	for (i = 0; i < tree->nkind_dirs; i++)
		while ((probe = kind_dir_next(&tree->kind_dirs[i], 0)))
			end(tree, probe);
	scratch_free_all(tree);
}
