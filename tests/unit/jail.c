// SPDX-License-Identifier: BSD-2-Clause
/* jail.c - what a process can do, and see, that has confined itself. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/program/loader/jail.h"
#include "scope.h"
#include "tests/unit/check.h"

/* The result of each of these, in the jail. */
static long open_passwd(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long open_out(void)
{
	return open("/../../../etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long open_proc(void)
{
	return open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
}

static long make_file(void)
{
	return open("/file", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
}

static long write_symbols(void)
{
	return open("/proc/kallsyms", O_WRONLY | O_CLOEXEC);
}

static long read_symbols(void)
{
	scoped_fd int fd = open("/proc/kallsyms", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? fd : 0;
}

static long read_types(void)
{
	scoped_fd int fd = open(JAIL_BTF, O_RDONLY | O_CLOEXEC);
	char text[8];

	return read(fd, text, sizeof(text));
}

static long make_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long make_process(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static long execute(void)
{
	char *none[] = { NULL };

	return execve("/proc/self/exe", none, none);
}

static long kill_other(void)
{
	return kill(getppid(), 0);
}

static long kill_thread(void)
{
	return syscall(SYS_tgkill, 1, 1, 0);
}

static long trace(void)
{
	return ptrace(PTRACE_TRACEME, 0, 0, 0);
}

static long become_root(void)
{
	return syscall(SYS_setresuid, 0, 0, 0);
}

static long mount_there(void)
{
	return mount("none", "/", "tmpfs", 0, NULL);
}

static long enter_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static long map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
		       ? -1
		       : 0;
}

static long raise_limit(void)
{
	const struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };

	return setrlimit(RLIMIT_CPU, &more);
}

static long set_filter(void)
{
	return prctl(PR_SET_SECCOMP, 0, NULL, 0, 0);
}

static long do_bpf(int command)
{
	union bpf_attr attr = { 0 };

	return syscall(SYS_bpf, command, &attr, sizeof(attr));
}

static long pin_object(void)
{
	return do_bpf(BPF_OBJ_PIN);
}

static long make_link(void)
{
	return do_bpf(BPF_LINK_CREATE);
}

static long next_program(void)
{
	return do_bpf(BPF_PROG_GET_NEXT_ID);
}

/* clang-format off */
static const struct attempt {
	const char *what;
	long (*try)(void);
	int want; /* errno, or 0 */
} attempts[] = {
	{ "a file of the host", open_passwd, ENOENT },
	{ "a path out", open_out, ENOENT },
	{ "itself in /proc", open_proc, ENOENT },
	{ "making a file", make_file, EPERM },
	{ "writing kallsyms", write_symbols, EPERM },
	{ "reading kallsyms", read_symbols, 0 },
	{ "reading the other types", read_types, 0 },
	{ "socket", make_socket, EPERM },
	{ "fork", make_process, EPERM },
	{ "execve", execute, EPERM },
	{ "kill", kill_other, EPERM },
	{ "tgkill", kill_thread, EPERM },
	{ "ptrace", trace, EPERM },
	{ "setresuid", become_root, EPERM },
	{ "mount", mount_there, EPERM },
	{ "unshare", enter_namespace, EPERM },
	{ "mmap of code", map_code, EPERM },
	{ "setrlimit", raise_limit, EPERM },
	{ "prctl", set_filter, EPERM },
	{ "BPF_OBJ_PIN", pin_object, EPERM },
	{ "BPF_LINK_CREATE", make_link, EPERM },
	{ "BPF_PROG_GET_NEXT_ID", next_program, EPERM },
};
/* clang-format on */

enum { ATTEMPTS = COUNT(attempts) };

/* Tells the errno of each, and then waits to be looked at. */
static void be_confined(const struct loader_as *as, int types, int out, int in)
{
	int results[ATTEMPTS] = { 0 }, kallsyms = -1;
	struct err e;
	size_t i;
	char c;

	if (jail_enter(types, &kallsyms, &e) || jail_limit(as, &e) ||
	    jail_become(as, &e) || jail_filter(&e)) {
		printf("%s\n", e.text);
		_exit(1);
	}
	for (EACH(attempts, i))
		results[i] = attempts[i].try() < 0 ? errno : 0;
	if (write(out, results, sizeof(results)) < 0 || read(in, &c, 1) < 0)
		_exit(1);
	_exit(0);
}

static void check_attempts(int in)
{
	int results[ATTEMPTS] = { 0 };
	size_t i;

	check_number("results", (int64_t)sizeof(results),
		     read(in, results, sizeof(results)));
	for (EACH(attempts, i))
		check_text(attempts[i].what,
			   attempts[i].want ? errno_name(attempts[i].want)
					    : "done",
			   results[i] ? errno_name(results[i]) : "done");
}

/* A line of /proc/PID/status, less its name. */
static void check_status(pid_t pid, const char *key, const char *want)
{
	scoped_free char *path = NULL, *line = NULL;
	const char *got = "";
	size_t room = 0;

	if (asprintf(&path, "/proc/%d/status", pid) < 0)
		abort();
	scoped_file FILE *in = fopen(path, "re");

	while (in && getline(&line, &room, in) > 0)
		if (!strncmp(line, key, strlen(key)) &&
		    line[strlen(key)] == ':') {
			line[strcspn(line, "\n")] = '\0';
			got = line + strlen(key) + 2;
			break;
		}
	check_text(key, want, got);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* What is in its root, in order. */
static void check_root(pid_t pid, const char *want)
{
	scoped_free char *path = NULL;
	struct dirent **names = NULL;
	char got[256] = "";
	int count, i;

	if (asprintf(&path, "/proc/%d/root", pid) < 0)
		abort();
	count = scandir(path, &names, NULL, by_name);
	for (i = 0; i < count; i++) {
		if (names[i]->d_name[0] != '.' &&
		    strcmp(names[i]->d_name, "boot") != 0)
			strcat(strcat(got, " "), names[i]->d_name);
		free(names[i]);
	}
	free(names);
	check_text("its root", want, got);
}

/* clang-format off */
static const struct {
	const char *what;
	uid_t uid;
	uint64_t caps;
	const char *ids, *eff;
} users[] = {
	{ "nobody", 65534, 0, "65534\t65534\t65534\t65534",
	  "0000000000000000" },
	{ "a user with rights", 1000,
	  1ULL << CAP_BPF | 1ULL << CAP_PERFMON | 1ULL << CAP_SYS_PTRACE,
	  "1000\t1000\t1000\t1000", "000000c000000000" },
	{ "root", 0, UINT64_MAX, "0\t0\t0\t0", "000000c000201000" },
	{ "root without rights", 0, 0, "0\t0\t0\t0", "0000000000000000" },
};
/* clang-format on */

static void check_user(size_t user)
{
	static const gid_t groups[] = { 7, 9 };
	const struct loader_as as = {
		.uid = users[user].uid,
		.gid = users[user].uid,
		.groups = groups,
		.ngroups = COUNT(groups),
		.caps = users[user].caps,
		.memlock = 65536,
	};
	scoped_fd int types = memfd_create("types", MFD_CLOEXEC);
	int out[2], in[2];
	pid_t pid;

	if (write(types, "types", 5) != 5 || pipe2(out, O_CLOEXEC) ||
	    pipe2(in, O_CLOEXEC))
		abort();
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(in[1]);
		be_confined(&as, types, out[1], in[0]);
	}
	close(out[1]);
	printf("%s:\n", users[user].what);
	check_attempts(out[0]);
	check_status(pid, "Uid", users[user].ids);
	check_status(pid, "Gid", users[user].ids);
	check_status(pid, "Groups", "7 9 ");
	check_status(pid, "CapEff", users[user].eff);
	check_status(pid, "CapPrm", users[user].eff);
	check_status(pid, "CapInh", "0000000000000000");
	check_status(pid, "CapAmb", "0000000000000000");
	check_status(pid, "NoNewPrivs", "1");
	check_status(pid, "Seccomp", "2");
	check_root(pid, " btf proc sys");
	close(in[1]);
	close(in[0]);
	close(out[0]);
	waitpid(pid, NULL, 0);
}

int main(void)
{
	size_t i;

	for (EACH(users, i))
		check_user(i);
	return check_end("jail");
}
