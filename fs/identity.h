/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.h - what /proc tells of a thread's credentials.
 */
#ifndef FS_IDENTITY_H
#define FS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { IDENTITY_GROUPS = 256 }; /* more are left out: fewer rights, not more */

struct identity {
	pid_t tgid, ppid;
	uid_t uids[3]; /* real, effective, saved */
	gid_t gids[3];
	gid_t groups[IDENTITY_GROUPS];
	size_t ngroups;
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
pid_t identity_find(pid_t tid, pid_t pid);

/* ESRCH when there is no such thread. */
int identity_get(pid_t tid, struct identity *identity);
/* Effective, and in our user namespace, where it counts. */
bool identity_has_cap(const struct identity *identity, unsigned int cap);

/*
 * This thread's fsuid, fsgid and groups become those, and it passes over the
 * modes of files only if the capabilities of identity do.
 */
void identity_assume(uid_t uid, gid_t gid, const struct identity *identity);
/* This thread is the daemon again. */
void identity_resume(void);

#endif
