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
#include "fs/trace.h"
#include "fs/walk.h"
#include "scope.h"

int caller_identify(const struct caller *caller, struct identity *identity,
		    struct err *e)
{
	int err;

	if (caller->root) {
		*identity = *caller->identity;
		return 0;
	}
	if (!caller->tid)
		return fail(
			e, EPERM,
			"the process that writes cannot be seen from probefs' pid namespace, so nothing can be opened on its behalf");
	if (caller->identity && caller->identity->tgid) {
		*identity = *caller->identity;
		return 0;
	}
	err = identity_get(caller->tid, identity);
	if (err)
		return fail(e, -err,
			    "the process that writes cannot be looked at");
	if (caller->identity)
		*caller->identity = *identity;
	return 0;
}

int caller_enter(const struct caller *caller, struct err *e)
{
	struct identity identity;
	int err = caller_identify(caller, &identity, e);

	if (!err)
		identity_assume(caller->uid, caller->gid, &identity);
	return err;
}

void caller_leave(void)
{
	identity_resume();
}

int caller_open_root(const struct caller *caller, struct err *e)
{
	char name[32];
	int root;

	if (caller->root) {
		root = fcntl(caller->root, F_DUPFD_CLOEXEC, 0);
		return root < 0 ? fail(e, errno, "no descriptor is left")
				: root;
	}
	snprintf(name, sizeof(name), "/proc/%d/root", caller->tid);
	root = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return fail(
			e, errno,
			"the root of the process that writes cannot be opened");
	return root;
}

int caller_open(const struct caller *caller, const char *path, int flags,
		struct err *e)
{
	struct identity identity;
	int root, err;

	if (path[0] != '/')
		return fail_at(e, EINVAL, 0, "'%s' is not an absolute path",
			       path);
	err = caller_identify(caller, &identity, e);
	if (err)
		return err;
	root = caller_open_root(caller, e);
	if (root < 0)
		return root;
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

bool caller_may_use_ids(const struct caller *caller)
{
	struct identity identity;

	return !caller_identify(caller, &identity, NULL) &&
	       identity_has_cap(&identity, CAP_SYS_ADMIN);
}

static int may_trace(const struct identity *by, pid_t pid,
		     struct identity *whom, struct err *e)
{
	int err = identity_get(pid, whom);

	if (err)
		return fail(e, -err, "no process %d", pid);
	if (trace_allowed(by, whom))
		return 0;
	return fail(
		e, EPERM,
		"you may not take descriptors of process %d, as you may not trace it",
		whom->tgid);
}

static int copy_fd(int pidfd, pid_t pid, int fd, struct err *e)
{
	int copy = pidfd_getfd(pidfd, fd, 0);

	if (copy >= 0)
		return copy;
	if (errno == EBADF)
		return fail(e, ENOENT, "process %d has no descriptor %d", pid,
			    fd);
	return fail(e, errno,
		    "the kernel gives no descriptor of process %d: %s", pid,
		    strerror(errno));
}

/*
 * Asked before and after: the process may meanwhile have become another program,
 * one with more rights.
 */
static int take_fd_of(const struct identity *by, pid_t pid, int fd,
		      struct err *e)
{
	struct identity whom;
	int err = may_trace(by, pid, &whom, e);

	if (err)
		return err;
	scoped_fd int pidfd = pidfd_open(whom.tgid, 0);

	if (pidfd < 0)
		return fail(e, errno, "process %d cannot be opened", whom.tgid);
	scoped_fd int copy = copy_fd(pidfd, whom.tgid, fd, e);

	err = copy < 0 ? copy : may_trace(by, whom.tgid, &whom, e);
	return err ? err : take_fd(&copy);
}

int caller_get_fd(const struct caller *caller, pid_t pid, int fd, struct err *e)
{
	struct identity by;
	int err = caller_identify(caller, &by, e);

	if (err)
		return err;
	if (pid) {
		pid = caller_find_pid(caller, pid, e);
		if (pid < 0)
			return pid;
	}
	return take_fd_of(&by, pid ? pid : by.tgid, fd, e);
}
