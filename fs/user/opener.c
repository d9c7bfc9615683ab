// SPDX-License-Identifier: BSD-2-Clause
/* opener.c - what kinds ask of the user who writes. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "fs/user/netns.h"
#include "fs/user/opener.h"
#include "fs/user/process_list.h"
#include "fs/user/reference.h"
#include "scope.h"

static int opener_open(void *ctx, const char *path, int flags, struct err *e)
{
	return caller_open(ctx, path, flags, e);
}

static pid_t opener_find_pid(void *ctx, pid_t pid, struct err *e)
{
	const struct caller *caller = ctx;

	/* How the user counted cannot be asked any more. */
	if (caller->root && caller->process)
		return caller->process;
	return caller_find_pid(caller, pid, e);
}

static int opener_processes(void *ctx, process_taker *take, void *arg,
			    struct err *e)
{
	const struct caller *caller = ctx;
	struct cred identity;
	struct credentials as = { caller->uid, caller->gid, &identity };
	int err = caller_identify(caller, &identity, e);

	if (err)
		return err;
	scoped_fd int root = caller_open_root(caller, e);

	return root < 0 ? root
			: process_list(&as, caller->tid, root, take, arg, e);
}

static int opener_netns(void *ctx, const char *path, struct err *e)
{
	return caller_netns(ctx, path, e);
}

static int opener_access(void *ctx, int fd, int mode)
{
	int err = caller_enter(ctx, NULL);

	if (err)
		return err;
	if (faccessat(fd, "", mode, AT_EACCESS | AT_EMPTY_PATH))
		err = -errno;
	caller_leave();
	return err;
}

static int opener_object(void *ctx, const char *text, enum bpf_object type,
			 struct err *e)
{
	return reference_object(ctx, text, type, e);
}

struct opener opener_of(const struct caller *caller)
{
	return (struct opener){
		.open = opener_open,
		.find_pid = opener_find_pid,
		.processes = opener_processes,
		.netns = opener_netns,
		.access = opener_access,
		.object = opener_object,
		.ctx = (void *)(uintptr_t)caller,
	};
}
