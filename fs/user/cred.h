/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cred.h - what /proc tells of a thread's credentials.
 */
#ifndef FS_USER_CRED_H
#define FS_USER_CRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	IDENTITY_IDS = 4, /* real, effective, saved, of the file system */
	IDENTITY_GROUPS = 256,
};

struct cred {
	pid_t tgid, ppid;
	uid_t uids[IDENTITY_IDS];
	gid_t gids[IDENTITY_IDS];
	gid_t groups[IDENTITY_GROUPS];
	size_t ngroups;
	bool more_groups; /* than those; a group can take rights away, too */
	uint64_t caps; /* effective; count only in our user namespace */
	uint64_t permitted;
	dev_t user_ns_dev; /* with user_ns: what tells user namespaces apart */
	ino_t user_ns;
	bool in_our_user_ns;
	bool dumpable; /* /proc/TID belongs to its effective user */
};

/*
 * The process that the pid namespace of thread tid calls pid, as ours calls it:
 * looked for among the processes of that namespace.  ESRCH.
 */
pid_t cred_find(pid_t tid, pid_t pid);

/*
 * The reverse: what the pid namespace of thread tid calls process pid, if that
 * is its own, or tid is in the daemon's.  ESRCH.
 */
pid_t cred_number(pid_t tid, pid_t pid);

/* ESRCH when there is no such thread. */
int cred_get(pid_t tid, struct cred *identity);
/*
 * The capabilities that thread tid has or could have, where they count: none in
 * a user namespace of its own.  Costs less than cred_get().
 */
uint64_t cred_permitted(pid_t tid);
/* Effective, and in our user namespace, where it counts. */
bool cred_has_cap(const struct cred *identity, unsigned int cap);

#endif
