// SPDX-License-Identifier: BSD-2-Clause
/* caller.c - doing things as the user who asks. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "fs/caller.h"
#include "fs/identity.h"
#include "scope.h"

enum {
	PATHS_AT_ONCE = 8, /* well below the number of threads that serve */
	PATH_WAIT = 2, /* seconds for one of them to come free */
};

static sem_t path_slots;

__attribute__((constructor)) static void path_slots_init(void)
{
	sem_init(&path_slots, 0, PATHS_AT_ONCE);
}

static int path_slot_take(struct err *e)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATH_WAIT;
	while (sem_timedwait(&path_slots, &until))
		if (errno != EINTR)
			return fail(
				e, EAGAIN,
				"%d other paths are still being looked up, one may hang; try again later",
				PATHS_AT_ONCE);
	return 0;
}

/* Raw calls: those of libc would change every thread of the process. */
static void take_ids(uid_t uid, gid_t gid, const gid_t *groups, size_t ngroups)
{
	syscall(SYS_setgroups, ngroups, groups);
	syscall(SYS_setfsgid, gid);
	syscall(SYS_setfsuid, uid);
}

int caller_enter(const struct caller *caller, struct err *e)
{
	struct identity identity;
	int err;

	if (!caller->tid)
		return fail(
			e, EPERM,
			"the process that writes cannot be seen from probefs' pid namespace, so nothing can be opened on its behalf");
	err = identity_get(caller->tid, &identity);
	if (err)
		return fail(e, -err,
			    "the process that writes cannot be looked at");
	take_ids(caller->uid, caller->gid, identity.groups, identity.ngroups);
	return 0;
}

void caller_leave(void)
{
	take_ids(0, 0, NULL, 0);
}

static int open_beneath(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

static int explain_open(int err, const char *path, struct err *e)
{
	switch (-err) {
	case ELOOP: /* RESOLVE_NO_MAGICLINKS */
	case EXDEV:
		return fail(
			e, EXDEV,
			"'%s' leads through a link of /proc; write the path itself, or /proc/PID/fd/N for a descriptor",
			path);
	case ENOENT:
		return fail(e, ENOENT, "no such file: '%s'", path);
	case EACCES:
		return fail(
			e, EACCES,
			"you may not open '%s': its permissions, or those of a directory above it",
			path);
	case ENAMETOOLONG:
		return fail(e, ENAMETOOLONG, "the path is too long");
	default:
		return fail(e, -err, "cannot open '%s': %s", path,
			    strerror(-err));
	}
}

/* A second open, of the file that was looked at and of no other. */
static int reopen(int fd, int flags)
{
	char path[32];
	int opened;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opened = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return opened < 0 ? -errno : opened;
}

static int open_as(int root, const char *path, int flags, struct err *e)
{
	scoped_fd int seen = open_beneath(root, path, O_PATH);
	struct stat st;
	int fd;

	if (seen < 0)
		return explain_open(seen, path, e);
	if (flags & O_PATH)
		return take_fd(&seen);
	if (fstat(seen, &st))
		return explain_open(-errno, path, e);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return fail(e, EINVAL, "'%s' is not a regular file", path);
	fd = reopen(seen, flags);
	return fd < 0 ? explain_open(fd, path, e) : fd;
}

int caller_open(const struct caller *caller, const char *path, int flags,
		struct err *e)
{
	char name[32];
	int fd, err;

	if (path[0] != '/')
		return fail_at(e, EINVAL, 0, "'%s' is not an absolute path",
			       path);
	snprintf(name, sizeof(name), "/proc/%d/root", caller->tid);
	scoped_fd int root = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0 && caller->tid)
		return fail(
			e, errno,
			"the root of the process that writes cannot be opened");
	err = path_slot_take(e);
	if (err)
		return err;
	fd = caller_enter(caller, e);
	if (!fd) {
		fd = open_as(root, path, flags, e);
		caller_leave();
	}
	sem_post(&path_slots);
	return fd;
}

static int opener_open(void *ctx, const char *path, int flags, struct err *e)
{
	return caller_open(ctx, path, flags, e);
}

pid_t caller_find_pid(const struct caller *caller, pid_t pid, struct err *e)
{
	pid_t found = caller->tid ? identity_find(caller->tid, pid) : -EPERM;

	return found > 0 ? found : fail(e, -found, "no process %d", pid);
}

static pid_t opener_find_pid(void *ctx, pid_t pid, struct err *e)
{
	return caller_find_pid(ctx, pid, e);
}

struct opener caller_opener(const struct caller *caller)
{
	return (struct opener){
		.open = opener_open,
		.find_pid = opener_find_pid,
		.ctx = (void *)(uintptr_t)caller,
	};
}

int caller_open_parent(const struct caller *caller, const char *path,
		       const char **name, struct err *e)
{
	const char *slash = strrchr(path, '/');
	scoped_free char *parent = NULL;

	if (path[0] != '/' || !slash[1])
		return fail_at(e, EINVAL, 0,
			       "'%s' is not an absolute path of a file", path);
	*name = slash + 1;
	parent = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	if (!parent)
		return fail(e, ENOMEM, "no memory");
	return caller_open(caller, parent, O_PATH | O_DIRECTORY, e);
}

static bool has_cap(const struct identity *identity, unsigned int cap)
{
	return identity->in_our_user_ns &&
	       identity->caps & (UINT64_C(1) << cap);
}

bool caller_may_bpf(const struct caller *caller)
{
	struct identity identity;

	return caller->tid && !identity_get(caller->tid, &identity) &&
	       (has_cap(&identity, CAP_SYS_ADMIN) ||
		has_cap(&identity, CAP_BPF));
}

/* ptrace(2), access mode checking, PTRACE_MODE_ATTACH_REALCREDS. */
static bool may_trace(const struct identity *by, const struct identity *whom)
{
	size_t i;

	if (by->tgid == whom->tgid || has_cap(by, CAP_SYS_PTRACE))
		return true;
	for (i = 0; i < 3; i++)
		if (whom->uids[i] != by->uids[0] ||
		    whom->gids[i] != by->gids[0])
			return false;
	return whom->dumpable;
}

int caller_get_fd(const struct caller *caller, pid_t pid, int fd, struct err *e)
{
	struct identity by, whom;
	int copy, err;

	if (pid && caller->tid) {
		pid = caller_find_pid(caller, pid, e);
		if (pid < 0)
			return pid;
	}
	if (!caller->tid || identity_get(caller->tid, &by))
		return fail(
			e, EPERM,
			"the process that writes cannot be seen from probefs' pid namespace");
	err = identity_get(pid ? pid : by.tgid, &whom);
	if (err)
		return fail(e, -err, "no process %d", pid);
	scoped_fd int pidfd = pidfd_open(whom.tgid, 0);

	if (pidfd < 0)
		return fail(e, errno, "process %d cannot be opened", whom.tgid);
	if (!may_trace(&by, &whom))
		return fail(
			e, EPERM,
			"you may not take descriptors of process %d, as you may not trace it",
			whom.tgid);
	copy = pidfd_getfd(pidfd, fd, 0);
	if (copy < 0)
		return fail(e, errno == EBADF ? ENOENT : errno,
			    "process %d has no descriptor %d", whom.tgid, fd);
	return copy;
}
