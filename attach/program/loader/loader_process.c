// SPDX-License-Identifier: BSD-2-Clause
/* loader_process.c - the process that loads: its beginning and its end. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/program/loader/loader.h"
#include "attach/program/loader/loader_process.h"
#include "scope.h"

enum {
	FAREWELL = 2000, /* milliseconds, from its last word to its end */
};

/* Sanitizers would make a status of a signal. */
static char *environment[] = {
#ifdef __SANITIZE_ADDRESS__
	(char[]){ "ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_abort=0" },
#endif
#ifdef __SANITIZE_THREAD__
	(char[]){ "TSAN_OPTIONS=handle_segv=0:handle_sigbus=0" },
#endif
	NULL,
};

static int set_up(posix_spawn_file_actions_t *files, posix_spawnattr_t *attr,
		  int sock)
{
	sigset_t all, none;
	int i, err = 0;

	sigfillset(&all);
	sigemptyset(&none);
	for (i = 0; !err && i < LOADER_SOCKET; i++)
		err = posix_spawn_file_actions_addopen(files, i, "/dev/null",
						       O_RDWR, 0);
	err = err ? err
		  : posix_spawn_file_actions_adddup2(files, sock,
						     LOADER_SOCKET);
	err = err ? err : posix_spawnattr_setsigdefault(attr, &all);
	err = err ? err : posix_spawnattr_setsigmask(attr, &none);
	return err ? err
		   : posix_spawnattr_setflags(attr,
					      POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETSIGMASK);
}

int loader_start(int sock, pid_t *pid)
{
	char name[] = LOADER_NAME;
	char *argv[] = { name, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int err;

	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	err = set_up(&files, &attr, sock);
	err = err ? err
		  : posix_spawn(pid, "/proc/self/exe", &files, &attr, argv,
				environment);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

int loader_reap(pid_t pid, bool patience)
{
	scoped_fd int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int status;

	if (pidfd < 0 || poll(&end, 1, patience ? FAREWELL : 0) != 1)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
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
