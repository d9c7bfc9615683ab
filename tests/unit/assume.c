// SPDX-License-Identifier: BSD-2-Clause
/* assume.c - one thread becomes another user, wholly, and the others do not. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs/user/assume.h"
#include "tests/unit/check.h"

enum { ALICE = 54321 };

static const uint64_t chown_cap = UINT64_C(1) << CAP_CHOWN;
static const uint64_t kill_cap = UINT64_C(1) << CAP_KILL;

/* The line of this thread's status that has the key, without it. */
static const char *status(const char *key)
{
	static char line[4096];
	FILE *in = fopen("/proc/thread-self/status", "re");
	size_t length = strlen(key);

	while (in && fgets(line, sizeof(line), in))
		if (!strncmp(line, key, length))
			break;
	if (in)
		fclose(in);
	line[strcspn(line, "\n")] = '\0';
	return line + length;
}

static uint64_t effective(void)
{
	return strtoull(status("CapEff:\t"), NULL, 16);
}

static const struct cred nobody = {
	.tgid = 1,
	.in_our_user_ns = true,
	.caps = UINT64_C(1) << CAP_CHOWN,
	.groups = { 7, 9 },
	.ngroups = 2,
};

static void check_daemon(const char *uids, const char *gids)
{
	check_text("users of the daemon", uids, status("Uid:\t"));
	check_text("groups of the daemon", gids, status("Gid:\t"));
	check_true("its capabilities",
		   effective() == strtoull(status("CapPrm:\t"), NULL, 16));
}

static void *look(void *arg)
{
	(void)arg;
	check_daemon("0\t0\t0\t0", "0\t0\t0\t0");
	return NULL;
}

/* The threads check in turns. */
static pthread_barrier_t turn;

/* The first thread looks at itself while this one is alice. */
static void *be_alice(void *arg)
{
	pthread_t other;
	struct err e;

	(void)arg;
	check_number("assume", 0, assume(ALICE, ALICE, &nobody, kill_cap, &e));
	check_text("users", "0\t54321\t0\t54321", status("Uid:\t"));
	check_text("groups", "0\t54321\t0\t54321", status("Gid:\t"));
	check_text("more groups", "7 9 ", status("Groups:\t"));
	check_true("capabilities", effective() == (chown_cap | kill_cap));
	pthread_barrier_wait(&turn);
	pthread_barrier_wait(&turn);
	check_number("back", 0, assume_end());
	check_text("no more groups", " ", status("Groups:\t"));
	check_daemon("0\t0\t0\t0", "0\t0\t0\t0");
	pthread_create(&other, NULL, look, NULL);
	pthread_join(other, NULL);
	return NULL;
}

static void check_alice(void)
{
	pthread_t thread;

	pthread_barrier_init(&turn, NULL, 2);
	pthread_create(&thread, NULL, be_alice, NULL);
	pthread_barrier_wait(&turn);
	check_daemon("0\t0\t0\t0", "0\t0\t0\t0");
	pthread_barrier_wait(&turn);
	pthread_join(thread, NULL);
	pthread_barrier_destroy(&turn);
}

/* What the daemon was started with is nobody's. */
static void *be_nobody(void *arg)
{
	struct cred identity = nobody;
	struct err e;

	(void)arg;
	identity.ngroups = 0;
	check_text("groups at the start", "42 ", status("Groups:\t"));
	check_number("assume", 0, assume(0, 0, &identity, 0, &e));
	check_text("no groups", " ", status("Groups:\t"));
	check_number("back", 0, assume_end());
	return NULL;
}

static void inherited(void)
{
	static const gid_t groups[] = { 42 };
	pthread_t thread;

	syscall(SYS_setgroups, 1, groups);
	pthread_create(&thread, NULL, be_nobody, NULL);
	pthread_join(thread, NULL);
}

/* Capabilities count for root, too, and not in another user namespace. */
static void check_root(void)
{
	struct cred identity = nobody;
	struct err e;

	check_number("root", 0, assume(0, 0, &identity, 0, &e));
	check_true("of its own", effective() == chown_cap);
	check_number("back", 0, assume_end());
	identity.in_our_user_ns = false;
	check_number("contained", 0, assume(0, 0, &identity, 0, &e));
	check_true("none", effective() == 0);
	check_number("back", 0, assume_end());
	check_daemon("0\t0\t0\t0", "0\t0\t0\t0");
}

/* 4294967295 stands for "unchanged": a user of that number would be root. */
static void check_refusals(void)
{
	struct cred identity = nobody;
	struct err e;

	check_number("no user", -EPERM,
		     assume((uid_t)-1, ALICE, &identity, 0, &e));
	check_number("no group", -EPERM,
		     assume(ALICE, (gid_t)-1, &identity, 0, &e));
	identity.more_groups = true;
	check_number("too many groups", -EPERM,
		     assume(ALICE, ALICE, &identity, 0, &e));
	check_holds("too many groups", "more than 256 groups", e.text);
	check_daemon("0\t0\t0\t0", "0\t0\t0\t0");
}

/* This process answers a call with EPERM from now on: its third argument. */
static void forbid(int call, uint32_t argument)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args[1])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, argument, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { COUNT(code), code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0))
		exit(EXIT_FAILURE);
}

static void in_child(void (*check)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		failures = 0;
		check();
		fflush(stdout);
		_exit(failures ? EXIT_FAILURE : EXIT_SUCCESS);
	}
	waitpid(pid, &status, 0);
	check_number("a child", 0, status);
}

/* Each call that fails leaves the daemon, and says that it needs more. */
static void no_users(void)
{
	struct err e;

	forbid(SYS_setresuid, ALICE);
	check_number("no users", -EPERM, assume(ALICE, ALICE, &nobody, 0, &e));
	check_holds("no users", "it needs CAP_SETUID and CAP_SETGID", e.text);
	check_daemon("0\t0\t0\t0", "0\t0\t0\t0");
}

static void no_groups(void)
{
	struct err e;

	forbid(SYS_setresgid, ALICE);
	check_number("no groups", -EPERM, assume(ALICE, ALICE, &nobody, 0, &e));
	check_daemon("0\t0\t0\t0", "0\t0\t0\t0");
}

/* The way back is closed, and that is said, not passed over. */
static void no_way_back(void)
{
	struct err e;

	forbid(SYS_setresuid, 0);
	check_number("there", 0, assume(ALICE, ALICE, &nobody, 0, &e));
	check_number("and not back", -EPERM, assume_end());
}

int main(void)
{
	if (geteuid()) {
		check_skip("assume", "not root");
		return EXIT_SUCCESS;
	}
	if (syscall(SYS_setgroups, 0, NULL))
		return EXIT_FAILURE;
	check_alice();
	check_root();
	check_refusals();
	in_child(inherited);
	in_child(no_users);
	in_child(no_groups);
	in_child(no_way_back);
	return check_end("assumptions");
}
