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

#include "fs/user/assume.h"

enum { TRIES = 100, PAUSE = 10 * 1000 * 1000 /* ns */ };

static const uid_t unchanged = (uid_t)-1;

/* What this thread has taken on; what it has not it need not give back. */
static _Thread_local struct {
	bool groups, ids, caps;
	bool clean; /* of the groups that the daemon was started with */
} taken;

/* Those that are permitted to every thread of the daemon, always. */
static int permitted(uint64_t *caps)
{
	static _Thread_local uint64_t known;
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (!known && syscall(SYS_capget, &header, data))
		return -errno;
	if (!known)
		known = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	*caps = known;
	return 0;
}

/* Of what is permitted; that itself stays, to come back by. */
static int use_caps(uint64_t all, uint64_t wanted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = { 0 };
	size_t i;

	for (i = 0; i < 2; i++) {
		data[i].permitted = (uint32_t)(all >> 32 * i);
		data[i].effective = (uint32_t)((all & wanted) >> 32 * i);
	}
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

/* The id of the file system follows the effective one (setresuid(2)). */
static int use_ids(uid_t uid, gid_t gid, const struct cred *identity)
{
	if (identity->ngroups || !taken.clean) {
		if (syscall(SYS_setgroups, identity->ngroups, identity->groups))
			return -errno;
		taken.groups = true;
	}
	if (!uid && !gid)
		return 0;
	taken.ids = true;
	if (syscall(SYS_setresgid, unchanged, gid, unchanged) ||
	    syscall(SYS_setresuid, unchanged, uid, unchanged))
		return -errno;
	return 0;
}

/* A change of the effective user changes the effective capabilities, too. */
static int use(uid_t uid, gid_t gid, const struct cred *identity,
	       uint64_t wanted)
{
	uint64_t all;
	int err = permitted(&all);

	if (!err)
		err = use_ids(uid, gid, identity);
	if (err || (!taken.ids && (all & wanted) == all))
		return err;
	taken.caps = true;
	return use_caps(all, wanted);
}

/*
 * The user first, which needs no capability, as the real user is root; then the
 * capabilities, without which the groups cannot be changed.
 */
static int come_back(void)
{
	uint64_t all;
	int err = permitted(&all);

	if (!err && taken.ids &&
	    syscall(SYS_setresuid, unchanged, 0, unchanged))
		err = -errno;
	if (!err && (taken.ids || taken.caps))
		err = use_caps(all, UINT64_MAX);
	if (err)
		return err;
	if ((taken.ids && syscall(SYS_setresgid, unchanged, 0, unchanged)) ||
	    (taken.groups && syscall(SYS_setgroups, 0, NULL)))
		return -errno;
	taken.clean |= taken.groups;
	taken.groups = taken.ids = taken.caps = false;
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
		uid, strerror(errno_clamp(-err)));
}

int assume(uid_t uid, gid_t gid, const struct cred *identity, uint64_t more,
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
	err = use(uid, gid, identity, own | more);
	if (!err)
		return 0;
	if (assume_end())
		abort();
	return refuse(err, uid, e);
}
