// SPDX-License-Identifier: BSD-2-Clause
/* assume.c - the ids, groups and capabilities of one thread. */
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fs/assume.h"

enum { TRIES = 100, PAUSE = 10 * 1000 * 1000 /* ns */ };

static const uid_t unchanged = (uid_t)-1;

/* Of what is permitted; that itself stays, to come back by. */
static int use_caps(uint64_t wanted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	size_t i;

	if (syscall(SYS_capget, &header, data))
		return -errno;
	for (i = 0; i < 2; i++)
		data[i].effective =
			data[i].permitted & (uint32_t)(wanted >> 32 * i);
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

/* This thread's groups are not the daemon's, which has none. */
static _Thread_local bool has_groups;

/* The id of the file system follows the effective one (setresuid(2)). */
static int use_ids(uid_t uid, gid_t gid, const struct identity *identity)
{
	if (syscall(SYS_setgroups, identity->ngroups, identity->groups))
		return -errno;
	has_groups = true;
	if (syscall(SYS_setresgid, unchanged, gid, unchanged) ||
	    syscall(SYS_setresuid, unchanged, uid, unchanged))
		return -errno;
	return 0;
}

/*
 * The user first, which needs no capability, as the real user is root; then the
 * capabilities, without which the groups cannot be changed.
 */
static int come_back(void)
{
	int err = syscall(SYS_setresuid, unchanged, 0, unchanged) ? -errno : 0;

	if (!err)
		err = use_caps(UINT64_MAX);
	if (err)
		return err;
	if (syscall(SYS_setresgid, unchanged, 0, unchanged) ||
	    (has_groups && syscall(SYS_setgroups, 0, NULL)))
		return -errno;
	has_groups = false;
	return 0;
}

/* What can be in the way is memory, and that comes again. */
int assume_end(void)
{
	const struct timespec pause = { .tv_nsec = PAUSE };
	int err, tries = 0;

	while ((err = come_back()) == -ENOMEM && ++tries < TRIES)
		nanosleep(&pause, NULL);
	return err;
}

static int refuse(int err, uid_t uid, struct err *e)
{
	return fail(
		e, EPERM,
		"probefs could not become user %u with that user's groups and capabilities, so it opens nothing on that user's behalf: %s; it needs CAP_SETUID and CAP_SETGID",
		uid, strerror(-err));
}

int assume(uid_t uid, gid_t gid, const struct identity *identity, uint64_t more,
	   struct err *e)
{
	uint64_t own = identity->in_our_user_ns ? identity->caps : 0;
	int err;

	if (uid == unchanged || gid == (gid_t)unchanged)
		return refuse(-EINVAL, uid, e);
	if (identity->more_groups)
		return fail(
			e, EPERM,
			"you are in more than %d groups, more than probefs can take on",
			IDENTITY_GROUPS);
	err = use_ids(uid, gid, identity);
	if (!err)
		err = use_caps(own | more);
	if (!err)
		return 0;
	if (assume_end())
		abort();
	return refuse(err, uid, e);
}
