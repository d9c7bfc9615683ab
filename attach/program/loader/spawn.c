// SPDX-License-Identifier: BSD-2-Clause
/* spawn.c - processes of our own program. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "attach/program/loader/spawn.h"
#include "scope.h"

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

static int set_files(posix_spawn_file_actions_t *files, const int *fds,
		     size_t count)
{
	int i, err = 0;
	size_t n;

	for (i = 0; !err && i < SPAWN_FIRST; i++)
		err = posix_spawn_file_actions_addopen(files, i, "/dev/null",
						       O_RDWR, 0);
	for (n = 0; !err && n < count; n++)
		if (fds[n] >= 0)
			err = posix_spawn_file_actions_adddup2(
				files, fds[n], SPAWN_FIRST + (int)n);
	return err;
}

static int set_signals(posix_spawnattr_t *attr)
{
	sigset_t all, none;
	int err;

	sigfillset(&all);
	sigemptyset(&none);
	err = posix_spawnattr_setsigdefault(attr, &all);
	err = err ? err : posix_spawnattr_setsigmask(attr, &none);
	return err ? err
		   : posix_spawnattr_setflags(attr,
					      POSIX_SPAWN_SETSIGDEF |
						      POSIX_SPAWN_SETSIGMASK);
}

int spawn_self(const char *name, const int *fds, size_t count, pid_t *pid)
{
	scoped_free char *copy = strdup(name);
	char *argv[] = { copy, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int err;

	if (!copy)
		return -ENOMEM;
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	err = set_files(&files, fds, count);
	err = err ? err : set_signals(&attr);
	err = err ? err
		  : posix_spawn(pid, "/proc/self/exe", &files, &attr, argv,
				environment);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return -err;
}

int spawn_reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}
