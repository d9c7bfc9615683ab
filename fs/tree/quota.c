// SPDX-License-Identifier: BSD-2-Clause
/* quota.c - counting the probes of each user. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "fs/tree/quota.h"
#include "fs/user/owner.h"

enum { SHARES = 8 }; /* of max_probes, when max_user_probes is not given */

struct quota {
	LIST_ENTRY(quota) entry;
	uid_t owner;
	uint64_t count;
};

static uint64_t limit(const struct policy *policy)
{
	uint64_t part = policy->max_probes / SHARES;

	if (policy->max_user_probes)
		return policy->max_user_probes;
	return part ? part : 1;
}

/* Users with probes are few. */
static struct quota *find(struct tree *tree, uid_t owner)
{
	struct quota *quota;

	LIST_FOREACH(quota, &tree->quotas, entry)
		if (quota->owner == owner)
			return quota;
	return NULL;
}

int quota_take(struct tree *tree, uid_t uid, uid_t *owner, struct err *e)
{
	struct quota *quota;

	*owner = owner_of(uid);
	if (*owner == 0)
		return 0;
	quota = find(tree, *owner);
	if (!quota) {
		quota = calloc(1, sizeof(*quota));
		if (!quota)
			return fail(e, ENOMEM, "no memory");
		quota->owner = *owner;
		LIST_INSERT_HEAD(&tree->quotas, quota, entry);
	}
	if (quota->count >= limit(tree->policy))
		return fail(
			e, ENOSPC,
			"you have %" PRIu64
			" probes, as many as the mount option max_user_probes allows a user",
			quota->count);
	quota->count++;
	return 0;
}

void quota_give(struct tree *tree, uid_t owner)
{
	struct quota *quota = find(tree, owner);

	if (!quota || --quota->count)
		return;
	LIST_REMOVE(quota, entry);
	free(quota);
}
