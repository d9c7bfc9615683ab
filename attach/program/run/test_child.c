// SPDX-License-Identifier: BSD-2-Clause
/* test_child.c - the process in whose thread the kernel runs a program. */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/in_netns.h"
#include "attach/program/run/test_child.h"
#include "scope.h"

enum { ASK_AGAIN = 50 /* ms */ };

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
static int be_alone(int prog_fd, const struct test_run *run)
{
	if (run->netns >= 0 && !netns_is_own(run->netns) &&
	    setns(run->netns, CLONE_NEWNET))
		return -errno;
	if (dup2(prog_fd, 0) < 0 || close_range(1, ~0U, 0))
		return -errno;
	return run->become ? run->become(run->arg) : 0;
}

/* A thread of many was copied: only system calls from here on. */
static void run_child(int prog_fd, const struct test_run *run,
		      struct test_shared *shared)
{
	shared->err = be_alone(prog_fd, run);
	/* The signal is forgotten by a process that becomes another user. */
	if (!shared->err && !prctl(PR_SET_PDEATHSIG, SIGKILL)) {
		shared->attr.test.prog_fd = 0;
		shared->ran = true;
		shared->err = ask(&shared->attr);
	}
	shared->done = true;
	_exit(0);
}

/* Until it ends: whether it was ended because the user was interrupted. */
static bool watch(pid_t child, const struct test_run *run)
{
	scoped_fd int pidfd = pidfd_open(child, 0);
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };

	/* No descriptor is left: the run cannot be interrupted. */
	while (pidfd >= 0 && run->interrupted &&
	       poll(&poll_fd, 1, ASK_AGAIN) != 1) {
		if (!run->interrupted(run->arg))
			continue;
		kill(child, SIGKILL);
		return true;
	}
	return false;
}

static int reap(pid_t child)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

int test_child_run(int prog_fd, const struct test_run *run,
		   struct test_shared *shared, struct err *e)
{
	pid_t child = fork();
	bool ended;
	int status;

	if (child < 0)
		return fail(e, errno, "no process can be had for the run: %s",
			    strerror(errno_clamp(errno)));
	if (!child)
		run_child(prog_fd, run, shared);
	ended = watch(child, run);
	status = reap(child);
	if (ended && !shared->done)
		return fail(e, EINTR, "interrupted before all runs were done");
	if (!shared->done)
		return fail(e, EIO, "the process that ran it died of %s",
			    WIFSIGNALED(status) ? sigabbrev_np(WTERMSIG(status))
						: "itself");
	return 0;
}
