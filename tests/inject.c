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
};

static int filter_install(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 4, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 3, 0),
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

static void answer(int listener, const char *file)
{
	struct seccomp_notif asked = { 0 };
	struct seccomp_notif_resp reply = { 0 };
	int code;

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked))
		return;
	code = wanted(file, &asked.data);
	reply.id = asked.id;
	reply.error = -code;
	reply.flags = code ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
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
	while (poll(&poll_fd, 1, -1) >= 0 && !(poll_fd.revents & POLLHUP))
		if (poll_fd.revents & POLLIN)
			answer(poll_fd.fd, file);
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
