// SPDX-License-Identifier: BSD-2-Clause
/*
 * inject.c - runs a program whose system calls fail as told.
 *
 *	inject FILE COMMAND...
 *
 * While FILE holds a line "CALL COMMAND ERRNO", numbers but for CALL, those
 * calls fail with that errno, which may be one that no kernel should give:
 *
 *	bpf CMD ERRNO                 bpf(2) with that command
 *	perf 0 ERRNO                  perf_event_open(2)
 *	ioctl REQUEST ERRNO           ioctl(2) with that request
 *	rename FLAGS ERRNO            renameat2(2) with these flags
 *
 * With the errno -1 a call is held until FILE says so no more, and goes
 * through.
 *
 * The kernel asks a process beside it about each (seccomp_unotify(2)), so that
 * it works on any program, and the program is no child of ours.
 */
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct call {
	const char *name;
	int number;
	int word; /* the argument that is the command; -1: none */
} calls[] = {
	{ "bpf", SYS_bpf, 0 },
	{ "perf", SYS_perf_event_open, -1 },
	{ "ioctl", SYS_ioctl, 1 },
	{ "rename", SYS_renameat2, 4 },
};

static int filter_install(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 5, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PERF_EVENT_IOC_SET_BPF, 0,
			 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(code) / sizeof(code[0]),
		.filter = code,
	};

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
			    SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* The errno that is wanted for a call; 0: none, it goes through. */
static int wanted(const char *file, const struct seccomp_data *data)
{
	FILE *in = fopen(file, "re");
	char name[16];
	unsigned long word;
	int code, found = 0;
	size_t i;

	if (!in)
		return 0;
	if (fscanf(in, "%15s %lu %d", name, &word, &code) == 3)
		for (i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
			if (!strcmp(calls[i].name, name) &&
			    calls[i].number == data->nr &&
			    (calls[i].word < 0 ||
			     data->args[calls[i].word] == word))
				found = code;
	fclose(in);
	return found;
}

enum {
	HOLD = -1, /* in the place of an errno */
	HELD = 64, /* calls at a time */
	LOOK_MS = 20,
};

/* The calls that are held; an id of 0: none. */
static struct held {
	__u64 id;
	struct seccomp_data data;
} held[HELD];

static void answer(int listener, __u64 id, int code)
{
	struct seccomp_notif_resp reply = {
		.id = id,
		.error = -code,
		.flags = code ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE,
	};

	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

/* False when there are too many. */
static bool hold(const struct seccomp_notif *asked)
{
	size_t i = 0;

	while (i < HELD && held[i].id)
		i++;
	if (i == HELD)
		return false;
	held[i] = (struct held){ asked->id, asked->data };
	return true;
}

static void take_call(int listener, const char *file)
{
	struct seccomp_notif asked = { 0 };
	int code;

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked))
		return;
	code = wanted(file, &asked.data);
	if (code != HOLD || !hold(&asked))
		answer(listener, asked.id, code == HOLD ? 0 : code);
}

/* Lets go of what need be held no more; how long until it is looked at anew. */
static int let_go(int listener, const char *file)
{
	int wait = -1;
	size_t i;

	for (i = 0; i < HELD; i++) {
		if (!held[i].id)
			continue;
		if (wanted(file, &held[i].data) == HOLD) {
			wait = LOOK_MS;
			continue;
		}
		answer(listener, held[i].id, 0);
		held[i].id = 0;
	}
	return wait;
}

/* Until nothing is left that has the filter. */
static void supervise(int pipe, pid_t pid, const char *file)
{
	struct pollfd poll_fd = { .events = POLLIN };
	int pidfd = pidfd_open(pid, 0), number;

	if (read(pipe, &number, sizeof(number)) != sizeof(number) || number < 0)
		exit(1);
	poll_fd.fd = pidfd_getfd(pidfd, number, 0);
	close(pidfd);
	if (poll_fd.fd < 0)
		err(1, "pidfd_getfd");
	while (poll(&poll_fd, 1, let_go(poll_fd.fd, file)) >= 0 &&
	       !(poll_fd.revents & POLLHUP))
		if (poll_fd.revents & POLLIN)
			take_call(poll_fd.fd, file);
	exit(0);
}

int main(int argc, char **argv)
{
	pid_t self = getpid(), child;
	int ends[2], listener;

	if (argc < 3)
		errx(2, "usage: inject FILE COMMAND...");
	if (pipe(ends))
		err(1, "pipe");
	/* Nobody waits for the one that watches. */
	child = fork();
	if (!child) {
		if (fork())
			_exit(0);
		close(ends[1]);
		supervise(ends[0], self, argv[1]);
	}
	waitpid(child, NULL, 0);
	close(ends[0]);
	listener = filter_install();
	if (listener < 0)
		err(1, "seccomp");
	if (write(ends[1], &listener, sizeof(listener)) < 0)
		err(1, "write");
	close(ends[1]);
	/* The watcher has taken its copy when the first call is answered. */
	syscall(SYS_bpf, -1, NULL, 0);
	execvp(argv[2], argv + 2);
	err(1, "%s", argv[2]);
}
