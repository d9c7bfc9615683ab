// SPDX-License-Identifier: BSD-2-Clause
/* caller.c - doing things as the user who asks. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/user/assume.h"
#include "fs/user/caller.h"
#include "fs/user/open_as.h"
#include "fs/user/proc_path.h"
#include "fs/user/process.h"
#include "scope.h"

/*
 * A number can be used again where the caller does not wait for the answer;
 * then the user is another, or has the rights of the same.
 */
static int look_at(const struct caller *caller, struct cred *identity,
		   struct err *e)
{
	int err = cred_get(caller->tid, identity);

	if (err)
		return fail(e, -err,
			    "the process that writes cannot be looked at");
	if (identity->uids[IDENTITY_IDS - 1] != caller->uid)
		return fail(
			e, EPERM,
			"the process that writes is of another user by now");
	identity->caps &= ~caller->denied;
	identity->permitted &= ~caller->denied;
	return 0;
}

int caller_identify(const struct caller *caller, struct cred *identity,
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
	err = look_at(caller, identity, e);
	if (!err && caller->identity)
		*caller->identity = *identity;
	return err;
}

uint64_t caller_caps(const struct caller *caller)
{
	const struct cred *identity = caller->identity;

	if (caller->root)
		return identity->in_our_user_ns ? identity->permitted : 0;
	return caller->tid ? cred_permitted(caller->tid) : 0;
}

/*
 * bpf(2) asks for CAP_BPF, whatever the object, where it is refused to users
 * (kernel/bpf/syscall.c, sysctl_unprivileged_bpf_disabled; to all commands
 * until 5.19): the object is looked up with the rights of the caller all the
 * same.
 */
int caller_enter(const struct caller *caller, struct err *e)
{
	struct cred identity;
	int err = caller_identify(caller, &identity, e);

	return err ? err
		   : assume(caller->uid, caller->gid, &identity,
			    UINT64_C(1) << CAP_BPF, e);
}

/* A thread of those that serve cannot end, so all of them do. */
void caller_leave(void)
{
	if (assume_end())
		abort();
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

static int open_of_process(const struct caller *caller,
			   const struct credentials *as,
			   const struct proc_path *proc, const char *path,
			   int flags, struct err *e)
{
	pid_t pid = proc->pid ? caller_find_pid(caller, proc->pid, e)
			      : as->identity->tgid;
	int place;

	if (pid < 0)
		return pid;
	place = process_link(as, pid, proc->rest, path, e);
	if (place < 0)
		return place;
	if (proc->below)
		return open_below(as, place, path, (size_t)(proc->below - path),
				  flags, e);
	return open_again(as, place, path, flags, e);
}

int caller_open(const struct caller *caller, const char *path, int flags,
		struct err *e)
{
	struct cred identity;
	struct credentials as = { caller->uid, caller->gid, &identity };
	struct proc_path proc;
	int root, err;

	if (path[0] != '/')
		return fail_at(e, EINVAL, 0, "'%s' is not an absolute path",
			       path);
	err = caller_identify(caller, &identity, e);
	if (err)
		return err;
	if (proc_path_parse(path, &proc))
		return open_of_process(caller, &as, &proc, path, flags, e);
	root = caller_open_root(caller, e);
	return root < 0 ? root : open_below(&as, root, path, 0, flags, e);
}

int caller_open_at(const struct caller *caller, int dir, const char *name,
		   int flags, struct err *e)
{
	struct cred identity;
	struct credentials as = { caller->uid, caller->gid, &identity };
	int root, err;

	err = caller_identify(caller, &identity, e);
	if (err)
		return err;
	root = fcntl(dir, F_DUPFD_CLOEXEC, 0);
	if (root < 0)
		return fail(e, errno, "no descriptor is left");
	return open_below(&as, root, name, 0, flags, e);
}

pid_t caller_find_pid(const struct caller *caller, pid_t pid, struct err *e)
{
	pid_t found = caller->tid ? cred_find(caller->tid, pid) : -EPERM;

	return found > 0 ? found : fail(e, -found, "no process %d", pid);
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
	struct cred identity;

	return !caller_identify(caller, &identity, NULL) &&
	       cred_has_cap(&identity, CAP_SYS_ADMIN);
}

int caller_get_fd(const struct caller *caller, pid_t pid, int fd, struct err *e)
{
	struct cred by;
	struct credentials as = { caller->uid, caller->gid, &by };
	int err = caller_identify(caller, &by, e);

	if (err)
		return err;
	if (pid) {
		pid = caller_find_pid(caller, pid, e);
		if (pid < 0)
			return pid;
	}
	return process_get_fd(&as, pid ? pid : by.tgid, fd, e);
}
