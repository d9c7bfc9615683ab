// SPDX-License-Identifier: BSD-2-Clause
/*
 * links.c - many links of one program, for as long as a command runs.
 *
 * links COUNT COMMAND...: the program is one of perf events, the events are
 * software's that never happen.
 */
#include <linux/perf_event.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "attach/kernel/bpf.h"
#include "tests/bench/bench.h"

static void link_one(int prog)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.sample_period = 1,
	};
	int event = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1,
				 PERF_FLAG_FD_CLOEXEC);

	if (event < 0 || bpf_link_perf(prog, event, 0) < 0)
		err(1, "a link");
	close(event);
}

int main(int argc, char **argv)
{
	struct rlimit files;
	int prog, status;
	long count;
	pid_t child;

	if (argc < 3)
		errx(2, "usage: links COUNT COMMAND...");
	if (getrlimit(RLIMIT_NOFILE, &files))
		err(1, "getrlimit");
	files.rlim_cur = files.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "setrlimit");
	prog = bpf_prog_trivial(BPF_PROG_TYPE_PERF_EVENT, 0);
	if (prog < 0)
		errx(1, "no program: %s", strerror(-prog));
	for (count = number(argv[1]); count > 0; count--)
		link_one(prog);
	child = fork();
	if (!child) {
		execvp(argv[2], argv + 2);
		err(127, "%s", argv[2]);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		err(1, "%s", argv[2]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
