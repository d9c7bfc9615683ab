// SPDX-License-Identifier: BSD-2-Clause
/*
 * features.c - a feature test that fails: what is kept of it, with the errnos in
 * each system call that a test makes.
 *
 * Answers are kept for a process's life, so each case is a process.
 */
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/kernel/abi.h"
#include "attach/kernel/feature_tests.h"
#include "attach/kernel/features.h"
#include "attach/kernel/tracefs.h"
#include "tests/unit/check.h"

static const struct call {
	const char *name;
	long number;
	long command; /* of bpf(2) */
} calls[] = {
	{ "loading a program", SYS_bpf, BPF_PROG_LOAD },
	{ "a link", SYS_bpf, BPF_LINK_CREATE },
	{ "asking what a link is", SYS_bpf, BPF_OBJ_GET_INFO_BY_FD },
	{ "a map", SYS_bpf, BPF_MAP_CREATE },
	{ "the next link", SYS_bpf, BPF_LINK_GET_NEXT_ID },
	{ "a perf event", SYS_perf_event_open, 0 },
};

/* What a kernel answers that can make such links: a test takes it for that. */
static bool is_answer(const struct call *call, int code)
{
	return call->command == BPF_LINK_CREATE &&
	       (code == EBADF || code == EFAULT);
}

/* What a test takes for a yes, since a kernel without the feature never says it. */
static const struct {
	enum feature feature;
	long command;
	int code;
} yes[] = {
	{ FEATURE_XDP_LINK, BPF_LINK_CREATE, EOPNOTSUPP },
	{ FEATURE_NETFILTER_LINK, BPF_LINK_CREATE, EAFNOSUPPORT },
	{ FEATURE_TCX, BPF_LINK_CREATE, ENODEV },
	{ FEATURE_NETKIT, BPF_LINK_CREATE, ENODEV },
	{ FEATURE_TRACING_MULTI, BPF_LINK_CREATE, E2BIG },
	{ FEATURE_STRUCT_OPS_LINK, BPF_MAP_CREATE, KERNEL_ENOTSUPP },
};

static const struct call *failing;
static int failing_with;
static bool failed;

static bool is_yes(int feature)
{
	size_t i;

	for (EACH(yes, i))
		if ((int)yes[i].feature == feature &&
		    yes[i].code == failing_with &&
		    failing->command == yes[i].command)
			return true;
	return false;
}

/* Takes the place of libc's in this program. */
long syscall(long number, ...)
{
	long (*real)(long, ...) =
		(long (*)(long, ...))(uintptr_t)dlsym(RTLD_NEXT, "syscall");
	long a[6];
	va_list args;
	size_t i;

	va_start(args, number);
	for (EACH(a, i))
		a[i] = va_arg(args, long);
	va_end(args);
	if (failing && failing->number == number &&
	    (number != SYS_bpf || (int)a[0] == failing->command)) {
		errno = failing_with;
		failed = true;
		return -1;
	}
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* What this kernel answers when nothing is in the way; shared with children. */
static int *clean;

/* Whether the test of a feature makes the call that fails; shared, too. */
static bool *makes_it;

/* In a process of its own, which does not return from each(). */
static void in_child(void (*each)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		failures = 0;
		each();
		fflush(stdout);
		_exit(failures != 0);
	}
	cases++;
	if (waitpid(pid, &status, 0) != pid || status)
		failures++;
}

static void ask_clean(void)
{
	int i;

	for (i = 0; i < FEATURE_COUNT; i++)
		clean[i] = feature_ask(i, NULL);
}

/* While the call fails the errno comes through, or is a no by the table. */
static void check_failing(int feature)
{
	struct err e = { 0 };
	int got;

	failed = false;
	got = feature_ask(feature, &e);
	makes_it[feature] = failed;
	if (got == clean[feature] ||
	    (!got && feature_denied_by(feature, errno_clamp(failing_with))))
		return;
	check_number("what the failed test says", -errno_clamp(failing_with),
		     got);
	check_true("it does not speak of a version",
		   !strstr(e.text, "came with"));
	if (failing_with == EPERM)
		check_holds("EPERM", "not allowed", e.text);
}

/* The call works again: what failed is asked anew, a no is kept. */
static void check_afterwards(int feature)
{
	int got = feature_ask(feature, NULL);

	if (got || !feature_denied_by(feature, errno_clamp(failing_with)))
		check_number("afterwards", clean[feature], got);
}

static void ask_failing(void)
{
	const struct call *call = failing;
	int i;

	for (i = 0; i < FEATURE_COUNT; i++)
		if (!is_yes(i) && makes_it[i])
			check_failing(i);
	failing = NULL;
	/* What is kept is no matter of the errno. */
	for (i = 0; i < FEATURE_COUNT; i++)
		if (failing_with == EPERM || failing_with == ENOMEM)
			check_afterwards(i);
	if (failures)
		printf("that was %s, errno %d\n", call->name, failing_with);
}

static void test_each_errno(void)
{
	/* Of the larger ones those that these calls give; 524 has no name. */
	static const int others[] = { 61, 71,  75,  90,	 95,  98,
				      99, 110, 122, 126, 133, 524 };
	size_t i, j;

	for (EACH(calls, i)) {
		failing = &calls[i];
		/* Asking the kernel takes long; with the first errno all are. */
		memset(makes_it, true, FEATURE_COUNT);
		for (failing_with = 1; failing_with < 40; failing_with++)
			if (!is_answer(failing, failing_with))
				in_child(ask_failing);
		for (EACH(others, j)) {
			failing_with = others[j];
			in_child(ask_failing);
		}
	}
	failing = NULL;
}

/* No descriptor is left, then there are some again. */
static void ask_without_descriptors(void)
{
	struct rlimit limit, none;
	int i, answers = 0;

	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	for (i = 0; i < FEATURE_COUNT; i++)
		answers += feature_ask(i, NULL) == -EMFILE;
	check_true("most tests need a descriptor", answers > FEATURE_COUNT / 2);
	setrlimit(RLIMIT_NOFILE, &limit);
	for (i = 0; i < FEATURE_COUNT; i++)
		check_number("with descriptors", clean[i],
			     feature_ask(i, NULL));
}

static void *share(size_t size)
{
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		err(EXIT_FAILURE, "sharing");
	return shared;
}

int main(void)
{
	/* Before 5.11 programs count as locked memory, until RCU frees them. */
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	/* What they read of BTF is read once, and not by each child. */
	test_fentry(NULL);
	test_lsm(NULL);
	clean = share(FEATURE_COUNT * sizeof(*clean));
	makes_it = share(FEATURE_COUNT * sizeof(*makes_it));
	tracefs_setup(NULL, false, NULL);
	in_child(ask_clean);
	in_child(ask_without_descriptors);
	test_each_errno();
	return check_end("features");
}
