// SPDX-License-Identifier: BSD-2-Clause
/* quota.c - counting the probes of each user. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "fs/tree/quota.h"
#include "fs/user/owner.h"

enum { SHARES = 8 }; /* of max_probes, when max_user_probes is not given */

struct share {
	LIST_ENTRY(share) entry;
	uid_t owner;
	uint64_t count;
};

static uint64_t limit(const struct options *options)
{
	uint64_t part = options->max_probes / SHARES;

	if (options->max_user_probes)
		return options->max_user_probes;
	return part ? part : 1;
}

/* Users with probes are few. */
static struct share *find(struct tree *tree, uid_t owner)
{
	struct share *share;

	LIST_FOREACH(share, &tree->shares, entry)
		if (share->owner == owner)
			return share;
	return NULL;
}

int share_take(struct tree *tree, uid_t uid, uid_t *owner, struct err *e)
{
	struct share *share;

	*owner = owner_of(uid);
	if (*owner == 0)
		return 0;
	share = find(tree, *owner);
	if (!share) {
		share = calloc(1, sizeof(*share));
		if (!share)
			return fail(e, ENOMEM, "no memory");
		share->owner = *owner;
		LIST_INSERT_HEAD(&tree->shares, share, entry);
	}
	if (share->count >= limit(tree->options))
		return fail(
			e, ENOSPC,
			"you have %" PRIu64
			" probes, as many as the mount option max_user_probes allows a user",
			share->count);
	share->count++;
	return 0;
}

void share_give(struct tree *tree, uid_t owner)
{
	struct share *share = find(tree, owner);

	if (!share || --share->count)
		return;
	LIST_REMOVE(share, entry);
	free(share);
}
