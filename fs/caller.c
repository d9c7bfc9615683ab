// SPDX-License-Identifier: BSD-2-Clause
/* caller.c - doing things as the user who asks. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>

#include "fs/caller.h"
#include "fs/identity.h"
#include "fs/walk.h"
#include "scope.h"

static int identify(const struct caller *caller, struct identity *identity,
		    struct err *e)
{
	int err;

	if (!caller->tid)
		return fail(
			e, EPERM,
			"the process that writes cannot be seen from probefs' pid namespace, so nothing can be opened on its behalf");
	err = identity_get(caller->tid, identity);
	return err ? fail(e, -err,
			  "the process that writes cannot be looked at")
		   : 0;
}

int caller_enter(const struct caller *caller, struct err *e)
{
	struct identity identity;
	int err = identify(caller, &identity, e);

	if (!err)
		identity_assume(caller->uid, caller->gid, identity.groups,
				identity.ngroups);
	return err;
}

void caller_leave(void)
{
	identity_assume(0, 0, NULL, 0);
}

int caller_open(const struct caller *caller, const char *path, int flags,
		struct err *e)
{
	struct identity identity;
	char name[32];
	int root, err;

	if (path[0] != '/')
		return fail_at(e, EINVAL, 0, "'%s' is not an absolute path",
			       path);
	err = identify(caller, &identity, e);
	if (err)
		return err;
	snprintf(name, sizeof(name), "/proc/%d/root", caller->tid);
	root = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fail(
			e, errno,
			"the root of the process that writes cannot be opened");
	return walk(root, caller->uid, caller->gid, &identity, path, flags, e);
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
	if (copy >= 0)
		return copy;
	if (errno == EBADF)
		return fail(e, ENOENT, "process %d has no descriptor %d",
			    whom.tgid, fd);
	return fail(e, errno,
		    "the kernel gives no descriptor of process %d: %s",
		    whom.tgid, strerror(errno));
}
