// SPDX-License-Identifier: BSD-2-Clause
/* mandate.c - the rights of users who are not there. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "fs/user/cred.h"
#include "fs/user/mandate.h"
#include "fs/user/mount_ns.h"
#include "fs/user/open_as.h"
#include "fs/user/owner.h"
#include "fs/user/proc_path.h"
#include "scope.h"

enum { SILENT_SECONDS = 60 };

struct mandate {
	LIST_ENTRY(mandate) entry;
	size_t holders;
	uid_t owner; /* of the user's id, see owner.h */
	struct caller caller;
	struct cred identity;
	uint64_t mount; /* of the root, with which it is told from others */
	dev_t dev;
	ino_t ino;
	ino_t mount_ns; /* 0: the daemon's own */
	atomic_bool mounts_ended; /* of mount_ns, which does not come again */
	atomic_llong silent_until; /* CLOCK_MONOTONIC, seconds */
};

static struct {
	pthread_mutex_t lock;
	LIST_HEAD(, mandate) list;
} mandates = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.list = LIST_HEAD_INITIALIZER(mandates.list),
};

static void mandate_free(struct mandate *m)
{
	if (m && m->caller.root > 0)
		close(m->caller.root);
	free(m);
}

static int look_at_root(struct mandate *m, struct err *e)
{
	struct statx st;

	m->caller.root = caller_open_root(&m->caller, e);
	if (m->caller.root < 0)
		return m->caller.root;
	/* STATX_MNT_ID came with 5.8. */
	if (statx(m->caller.root, "", AT_EMPTY_PATH,
		  STATX_BASIC_STATS | STATX_MNT_ID, &st))
		return fail(e, errno, "the root directory cannot be looked at");
	m->mount = st.stx_mnt_id;
	m->dev = makedev(st.stx_dev_major, st.stx_dev_minor);
	m->ino = st.stx_ino;
	return 0;
}

static struct mandate *make(const struct caller *caller, struct err *e)
{
	struct mandate *m = calloc(1, sizeof(*m));
	int err;

	if (!m) {
		fail(e, ENOMEM, "no memory");
		return NULL;
	}
	m->caller = *caller;
	m->caller.interrupted =
		NULL; /* of a request that is answered by then */
	m->owner = owner_of(caller->uid);
	m->mount_ns = mount_ns_of(caller->tid);
	err = caller_identify(caller, &m->identity, e);
	if (!err)
		err = look_at_root(m, e);
	if (err) {
		mandate_free(m);
		return NULL;
	}
	/* What is of the thread, and not of its rights. */
	m->identity.tgid = 0;
	m->identity.ppid = 0;
	m->identity.dumpable = false;
	m->caller.tid = 0;
	m->caller.process = 0;
	m->caller.identity = &m->identity;
	return m;
}

static bool same(const struct mandate *a, const struct mandate *b)
{
	return a->caller.uid == b->caller.uid &&
	       a->caller.gid == b->caller.gid && a->mount == b->mount &&
	       a->dev == b->dev && a->ino == b->ino &&
	       a->mount_ns == b->mount_ns &&
	       !memcmp(&a->identity, &b->identity, sizeof(a->identity));
}

/* The one that is the same, or m itself; NULL: there are too many. */
static struct mandate *enter(struct mandate *m)
{
	size_t limit = m->owner ? MANDATES - MANDATES_USER : MANDATES;
	size_t all = 0, of_user = 0;
	struct mandate *other;

	LIST_FOREACH(other, &mandates.list, entry) {
		if (same(other, m)) {
			other->holders++;
			return other;
		}
		all++;
		of_user += other->owner == m->owner;
	}
	if (all >= limit || (m->owner && of_user >= MANDATES_USER))
		return NULL;
	m->holders = 1;
	LIST_INSERT_HEAD(&mandates.list, m, entry);
	return m;
}

struct mandate *mandate_get(const struct caller *caller, struct err *e)
{
	struct mandate *made = make(caller, e), *m;

	if (!made)
		return NULL;
	pthread_mutex_lock(&mandates.lock);
	m = enter(made);
	pthread_mutex_unlock(&mandates.lock);
	if (m != made)
		mandate_free(made);
	if (!m)
		fail(e, ENOSPC,
		     "the rights of too many writers are kept already (%d of one user); remove probes that others wrote to",
		     MANDATES_USER);
	return m;
}

struct mandate *mandate_hold(struct mandate *mandate)
{
	if (!mandate)
		return NULL;
	pthread_mutex_lock(&mandates.lock);
	mandate->holders++;
	pthread_mutex_unlock(&mandates.lock);
	return mandate;
}

void mandate_put(struct mandate *mandate)
{
	bool last;

	if (!mandate)
		return;
	pthread_mutex_lock(&mandates.lock);
	last = !--mandate->holders;
	if (last)
		LIST_REMOVE(mandate, entry);
	pthread_mutex_unlock(&mandates.lock);
	if (last)
		mandate_free(mandate);
}

uid_t mandate_owner(const struct mandate *mandate)
{
	return mandate->owner;
}

const struct caller *mandate_caller(const struct mandate *mandate)
{
	return &mandate->caller;
}

static long long seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static int look(struct mandate *mandate, const char *path, int flags,
		struct err *e)
{
	const struct caller *caller = &mandate->caller;
	const struct credentials as = { caller->uid, caller->gid,
					caller->identity };
	struct proc_path ignored;
	int fd;

	if (proc_path_parse(path, &ignored))
		return fail(
			e, EOPNOTSUPP,
			"'%s' is told by a process, and not looked at again",
			path);
	fd = open_cached(&as, caller->root, path, flags);
	if (fd != -EAGAIN)
		return fd < 0 ? fail(e, -fd, "cannot look at '%s'", path) : fd;
	if (seconds() < mandate->silent_until)
		return fail(e, ETIMEDOUT, "paths do not answer");
	fd = caller_open(caller, path, flags | O_PATH, e);
	if (fd == -ETIMEDOUT)
		mandate->silent_until = seconds() + SILENT_SECONDS;
	return fd;
}

static bool mounts_have_ended(struct mandate *m)
{
	if (m->mount_ns && !m->mounts_ended)
		m->mounts_ended = !mount_ns_lives(m->mount_ns);
	return m->mounts_ended;
}

int mandate_look(struct mandate *mandate, const char *path, int flags,
		 struct err *e)
{
	int fd = look(mandate, path, flags, e);

	if ((fd == -ENOENT || fd == -ENOTDIR) && mounts_have_ended(mandate))
		return fail(
			e, EOPNOTSUPP,
			"the mount namespace in which '%s' was named has ended",
			path);
	return fd;
}

static int opener_look(void *ctx, const char *path, int flags, struct err *e)
{
	return mandate_look(ctx, path, flags, e);
}

struct opener mandate_opener(struct mandate *mandate)
{
	return (struct opener){ .open = opener_look, .ctx = mandate };
}
