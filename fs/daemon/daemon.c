// SPDX-License-Identifier: BSD-2-Clause
/* daemon.c - becoming a daemon that nobody has to wait for. */
#include <errno.h>
#include <fcntl.h>
#include <fuse_log.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "fs/daemon/daemon.h"
#include "scope.h"

enum {
	/* A site holds a descriptor or two; fs.nr_open is this by default. */
	MANY_DESCRIPTORS = 1048576,
};

/* Killing the daemon would take everybody's probes away. */
#define OOM_SCORE_ADJ "-900"

/* Binaries are looked up the same for every mounter: a shell, systemd, cron. */
#define DAEMON_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Set before there are threads. */
static bool detached;

int daemon_open_stdio(struct err *e)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return fail(e, errno, "cannot open '/dev/null': %s",
			    strerror(errno_clamp(errno)));
	fd_close(fd);
	return 0;
}

/* The exit status of a child that ended before it was ready. */
static int child_status(pid_t child, struct err *e)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFSIGNALED(status)) {
		fail(e, EIO, "the daemon died of signal %d: %s",
		     WTERMSIG(status), strsignal(WTERMSIG(status)));
		return EXIT_MOUNT;
	}
	/* 0: unmounted, or told to end, while it was starting. */
	return WEXITSTATUS(status) ? WEXITSTATUS(status) : EXIT_MOUNT;
}

static int parent_wait(pid_t child, int ready, struct err *e)
{
	ssize_t length;
	char byte;

	do
		length = read(ready, &byte, 1);
	while (length < 0 && errno == EINTR);
	fd_close(ready);
	return length == 1 ? EXIT_SUCCESS : child_status(child, e);
}

static void child_begin(int ready)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	/* stderr is needed until the last error has been told. */
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	close_range(STDERR_FILENO + 1, (unsigned int)ready - 1, 0);
	close_range((unsigned int)ready + 1, ~0U, 0);
}

int daemon_fork(int *ready, struct err *e)
{
	int ends[2];
	pid_t child;

	/* An inherited SIG_IGN would leave nothing to wait for. */
	signal(SIGCHLD, SIG_DFL);
	if (pipe2(ends, O_CLOEXEC)) {
		fail(e, errno, "cannot make a pipe: %s",
		     strerror(errno_clamp(errno)));
		return EXIT_SYSTEM;
	}
	child = fork();
	if (child > 0) {
		fd_close(ends[1]);
		return parent_wait(child, ends[0], e);
	}
	fd_close(ends[0]);
	if (child < 0) {
		fail(e, errno, "cannot fork: %s", strerror(errno_clamp(errno)));
		fd_close(ends[1]);
		return EXIT_SYSTEM;
	}
	child_begin(ends[1]);
	*ready = ends[1];
	return DAEMON_CHILD;
}

/* Handlers do not survive exec(2); what is ignored or blocked does. */
static void signals_reset(void)
{
	struct sigaction action;
	sigset_t none;
	int number;

	for (number = 1; number < NSIG; number++)
		if (!sigaction(number, NULL, &action) &&
		    action.sa_handler == SIG_IGN)
			signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void limit_raise(__rlimit_resource_t what, rlim_t most)
{
	struct rlimit limit = { .rlim_cur = most, .rlim_max = most };

	if (getrlimit(what, &limit))
		return;
	if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < most)
		limit.rlim_max = most;
	limit.rlim_cur = limit.rlim_max;
	if (!setrlimit(what, &limit))
		return;
	/* Only CAP_SYS_RESOURCE raises the hard limit. */
	getrlimit(what, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(what, &limit);
}

static void oom_score_lower(void)
{
	scoped_fd int fd =
		open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	/* Without CAP_SYS_RESOURCE it stays as it is. */
	if (fd >= 0 && write(fd, OOM_SCORE_ADJ, strlen(OOM_SCORE_ADJ)) < 0)
		return;
}

/*
 * One heap for all threads, and large blocks apart from it: what was needed for
 * a file with very many probes goes back to the system and is not kept by each
 * thread that ever listed one.
 */
static void heap_share(void)
{
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, 128 * 1024);
}

void daemon_prepare(void)
{
	heap_share();
	signals_reset();
	clearenv();
	setenv("PATH", DAEMON_PATH, 1);
	umask(0);
	/* Before 5.11 maps and programs are locked memory: commit
	   3ac1f01b43. */
	limit_raise(RLIMIT_MEMLOCK, RLIM_INFINITY);
	limit_raise(RLIMIT_NOFILE, MANY_DESCRIPTORS);
	oom_score_lower();
}

void daemon_detach(int ready)
{
	if (ready == DAEMON_NOT_READY)
		return;
	openlog("probefs", LOG_PID, LOG_DAEMON);
	detached = true;
	setsid();
	if (chdir("/"))
		daemon_say(LOG_WARNING, "cannot go to '/': %s",
			   strerror(errno_clamp(errno)));
	dup2(STDIN_FILENO, STDERR_FILENO);
	/* A parent that was killed meanwhile does not matter. */
	if (write(ready, "", 1) < 0)
		daemon_say(LOG_NOTICE, "whoever mounted is gone");
	fd_close(ready);
}

static void say(int priority, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void say(int priority, const char *format, va_list args)
{
	scoped_free char *text = NULL;

	if (detached) {
		vsyslog(priority, format, args);
		return;
	}
	/* One write: other processes write to the same terminal. */
	if (vasprintf(&text, format, args) >= 0)
		dprintf(STDERR_FILENO, "%s: %s\n",
			program_invocation_short_name, text);
}

void daemon_say(int priority, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(priority, format, args);
	va_end(args);
}

/* The levels of libfuse have the numbers of syslog's. */
static void log_fuse(enum fuse_log_level level, const char *format,
		     va_list args) __attribute__((format(printf, 2, 0)));

static void log_fuse(enum fuse_log_level level, const char *format,
		     va_list args)
{
	if (detached)
		vsyslog((int)level, format, args);
	else
		vdprintf(STDERR_FILENO, format, args);
}

void daemon_log_fuse(void)
{
	fuse_set_log_func(log_fuse);
}
