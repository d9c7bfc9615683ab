// SPDX-License-Identifier: BSD-2-Clause
/* test_child.c - the process in whose thread the kernel runs a program. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/program/loader/jail.h"
#include "attach/program/loader/spawn.h"
#include "attach/program/run/test_child.h"
#include "scope.h"

enum {
	ASK_AGAIN = 50, /* ms */
	ABOVE = 16, /* what is copied is not in the way of these: */
	CHILD_MEMORY = SPAWN_FIRST,
	CHILD_PROG,
	CHILD_NETNS,
	CHILD_END,
};

/* The child */

/*
 * Kernels before 5.11 look for a signal behind the last run, too: one run that
 * was interrupted is done (607b9cc92bd7).
 */
static int ask(union bpf_attr *attr)
{
	int err;

	do
		err = bpf_prog_test(attr);
	while (err == -EINTR && attr->test.repeat > 1);
	return err == -EINTR ? 0 : err;
}

/* What a program of type syscall can use or close is the program, as 0. */
static int become(const struct test_shared *shared)
{
	const struct loader_as as = {
		.uid = shared->uid,
		.gid = shared->gid,
		.groups = shared->groups,
		.ngroups = shared->ngroups,
		.caps = shared->caps,
	};

	if (shared->netns && setns(CHILD_NETNS, CLONE_NEWNET))
		return -errno;
	if (dup2(CHILD_PROG, 0) < 0 || close_range(1, ~0U, 0))
		return -errno;
	return jail_become(&as, NULL);
}

static uint64_t address(const struct test_shared *shared, uint64_t place)
{
	return place ? (uintptr_t)shared + place : 0;
}

static _Noreturn void serve(void)
{
	struct test_shared *shared;
	union bpf_attr attr;
	struct stat st;

	if (fstat(CHILD_MEMORY, &st))
		_exit(EXIT_FAILURE);
	shared = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
		      MAP_SHARED, CHILD_MEMORY, 0);
	if (shared == MAP_FAILED)
		_exit(EXIT_FAILURE);
	shared->err = become(shared);
	if (!shared->err) {
		attr = shared->attr;
		attr.test.prog_fd = 0;
		attr.test.data_in = address(shared, attr.test.data_in);
		attr.test.data_out = address(shared, attr.test.data_out);
		attr.test.ctx_in = address(shared, attr.test.ctx_in);
		attr.test.ctx_out = address(shared, attr.test.ctx_out);
		shared->err = ask(&attr);
		shared->attr = attr;
		shared->ran = true;
	}
	shared->done = true;
	_exit(EXIT_SUCCESS);
}

void test_main_if_child(int argc, char **argv)
{
	if (argc != 1 || strcmp(argv[0], TEST_CHILD_NAME) != 0)
		return;
	close_range(CHILD_END, ~0U, 0);
	serve();
}

/* The daemon */

/* Until it ends: whether it was ended because the user was interrupted. */
static bool watch(pid_t child, const struct test_run *run)
{
	scoped_fd int pidfd = pidfd_open(child, 0);
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

	/* No descriptor is left: the run cannot be interrupted. */
	while (pidfd >= 0 && run->interrupted &&
	       poll(&poll_fd, 1, ASK_AGAIN) != 1) {
		if (!run->interrupted(run->ctx_of_user))
			continue;
		kill(child, SIGKILL);
		return true;
	}
	return false;
}

static int copy_above(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, ABOVE);
}

int test_child_run(int fd, int prog_fd, const struct test_run *run,
		   const struct test_shared *shared, struct err *e)
{
	scoped_fd int memory = copy_above(fd);
	scoped_fd int prog = copy_above(prog_fd);
	scoped_fd int netns = shared->netns ? copy_above(run->netns) : -1;
	const int fds[CHILD_END] = {
		[CHILD_MEMORY] = memory,
		[CHILD_PROG] = prog,
		[CHILD_NETNS] = netns,
	};
	int status, err;
	pid_t child;
	bool ended;

	if (memory < 0 || prog < 0 || (shared->netns && netns < 0))
		return fail(e, EMFILE, "no descriptor is left for the run");
	err = spawn_self(TEST_CHILD_NAME, fds + SPAWN_FIRST,
			 CHILD_END - SPAWN_FIRST, &child);
	if (err)
		return fail(e, -err, "no process can be had for the run: %s",
			    strerror(errno_clamp(-err)));
	ended = watch(child, run);
	status = spawn_reap(child);
	if (shared->done)
		return 0;
	if (ended)
		return fail(e, EINTR, "interrupted before all runs were done");
	return fail(e, EIO, "the process that ran it died of %s",
		    WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status))
					: "itself");
}
