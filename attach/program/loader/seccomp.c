// SPDX-License-Identifier: BSD-2-Clause
/* seccomp.c - the system calls that the loader may make. */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "array.h"
#include "attach/program/loader/jail.h"

/* clang-format off */
#if defined(__x86_64__)
# define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
# define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
# define ARCH AUDIT_ARCH_RISCV64
#elif defined(__s390x__)
# define ARCH AUDIT_ARCH_S390X
#elif defined(__powerpc64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
# define ARCH AUDIT_ARCH_PPC64LE
#elif defined(__loongarch64)
# define ARCH AUDIT_ARCH_LOONGARCH64
#else
# error "no AUDIT_ARCH_... for this machine: add its row"
#endif

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
# define LOW 4
#else
# define LOW 0
#endif
/* clang-format on */

enum {
	SELF = -1, /* a value: this process */
	RULE = 6, /* instructions of a rule */
};

/*
 * Allowed when (argument & mask) == value, of the lower 32 bits, which are all
 * that the kernel looks at in these.  A call may have several rules.
 */
struct rule {
	int call;
	unsigned int arg;
	uint32_t mask;
	int64_t value;
};

#define ANY(call)                   \
	{                           \
		SYS_##call, 0, 0, 0 \
	}
#define BPF(command)                                  \
	{                                             \
		SYS_bpf, 0, UINT32_MAX, BPF_##command \
	}
#define FCNTL(command)                                \
	{                                             \
		SYS_fcntl, 1, UINT32_MAX, F_##command \
	}
#define READ_ONLY (O_ACCMODE | O_CREAT | O_TRUNC)

static const struct rule rules[] = {
	ANY(read),
	ANY(write),
	ANY(writev),
	ANY(readv),
	ANY(pread64),
	ANY(close),
	ANY(fstat),
	ANY(newfstatat),
	ANY(statx),
	ANY(lseek),
	ANY(faccessat),
	ANY(faccessat2),
	ANY(readlinkat),
	ANY(dup),
	ANY(dup3),
	ANY(brk),
	ANY(munmap),
	ANY(mremap),
	ANY(madvise),
	{ SYS_mmap, 2, PROT_EXEC, 0 },
	{ SYS_mprotect, 2, PROT_EXEC, 0 },
	{ SYS_openat, 2, READ_ONLY, O_RDONLY },
	FCNTL(DUPFD_CLOEXEC),
	FCNTL(GETFD),
	FCNTL(SETFD),
	FCNTL(GETFL),
#ifdef SYS_poll
	ANY(poll),
#endif
	ANY(ppoll),
	ANY(sendmsg),
	ANY(recvmsg),
	ANY(futex),
	ANY(rt_sigaction),
	ANY(rt_sigprocmask),
	ANY(rt_sigreturn),
	ANY(restart_syscall),
	ANY(sigaltstack),
	ANY(sched_yield),
	ANY(nanosleep),
	ANY(clock_nanosleep),
	ANY(clock_gettime),
	ANY(getrandom),
	ANY(getpid),
	ANY(gettid),
	ANY(getuid),
	ANY(geteuid),
	ANY(uname),
	ANY(sysinfo),
	ANY(exit),
	ANY(exit_group),
	{ SYS_prlimit64, 0, UINT32_MAX, 0 },
	{ SYS_tgkill, 0, UINT32_MAX, SELF },
	/* libbpf's question whether system calls have wrappers. */
	ANY(perf_event_open),
	BPF(MAP_CREATE),
	BPF(MAP_LOOKUP_ELEM),
	BPF(MAP_UPDATE_ELEM),
	BPF(MAP_FREEZE),
	BPF(PROG_LOAD),
	BPF(PROG_BIND_MAP),
	BPF(BTF_LOAD),
	BPF(OBJ_GET_INFO_BY_FD),
};

static size_t put_rule(struct sock_filter *at, const struct rule *rule)
{
	const uint32_t arg =
		(uint32_t)offsetof(struct seccomp_data, args[rule->arg]) + LOW;
	const uint32_t value = rule->value == SELF ? (uint32_t)getpid()
						   : (uint32_t)rule->value;
	const struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)rule->call, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, arg),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, rule->mask),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	memcpy(at, code, sizeof(code));
	return COUNT(code);
}

int jail_filter(struct err *e)
{
	const struct sock_filter first[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
	};
	struct sock_filter filter[COUNT(first) + RULE * COUNT(rules) + 1];
	struct sock_fprog program = { .filter = filter };
	size_t used = COUNT(first), i;

	memcpy(filter, first, sizeof(first));
	for (i = 0; i < COUNT(rules); i++)
		used += put_rule(filter + used, &rules[i]);
	filter[used++] = (struct sock_filter)BPF_STMT(
		BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	program.len = (unsigned short)used;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0))
		return fail(
			e, EPERM,
			"cannot confine the loader: seccomp: %s; the kernel needs CONFIG_SECCOMP_FILTER",
			strerror(errno_clamp(errno)));
	return 0;
}
