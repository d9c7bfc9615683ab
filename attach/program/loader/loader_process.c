// SPDX-License-Identifier: BSD-2-Clause
/* loader_process.c - the process that loads: its beginning and its end. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/program/loader/loader.h"
#include "attach/program/loader/loader_process.h"
#include "attach/program/loader/spawn.h"
#include "scope.h"

enum {
	FAREWELL = 2000, /* milliseconds, from its last word to its end */
};

int loader_start(int sock, pid_t *pid)
{
	return spawn_self(LOADER_NAME, &sock, 1, pid);
}

int loader_reap(pid_t pid, bool patience)
{
	scoped_fd int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	if (pidfd < 0 || poll(&end, 1, patience ? FAREWELL : 0) != 1)
		kill(pid, SIGKILL);
	return spawn_reap(pid);
}

int loader_explain_death(int status, struct err *e)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (number == SIGXCPU)
		return fail(e, EIO,
			    "the loader took more than %d seconds of CPU",
			    OBJECT_SECONDS);
	if (number)
		return fail(e, EIO, "the loader died of SIG%s",
			    sigabbrev_np(number) ? sigabbrev_np(number) : "?");
	return fail(e, EIO, "the loader ended early, with status %d",
		    WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}
