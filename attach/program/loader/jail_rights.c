// SPDX-License-Identifier: BSD-2-Clause
/* jail_rights.c - the ids, the capabilities and the bounds of the loader. */
#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/program/loader/jail.h"
#include "attach/program/loader/loader.h"

/* clang-format off */
#if defined(__has_feature)
# if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#  define SANITIZED 1
# endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
# define SANITIZED 1
#endif
#ifndef SANITIZED
# define SANITIZED 0
#endif
/* clang-format on */

enum {
	MEMORY = 1 << 30, /* bytes, of the address space */
	/* What is loaded, what it is loaded with, and a few. */
	FILES = OBJECT_PROGRAMS + OBJECT_MAPS + LOADER_MODULES + 64,
};

static uint64_t bit(unsigned int cap)
{
	return UINT64_C(1) << cap;
}

int jail_fail(const char *step, struct err *e)
{
	return fail(e, EPERM, "cannot confine the loader: %s: %s", step,
		    strerror(errno_clamp(errno)));
}

/* Not more than there is, where we may not have more. */
static int limit(int resource, rlim_t value)
{
	struct rlimit both = { value, value }, old;

	if (!setrlimit(resource, &both))
		return 0;
	if (errno != EPERM || getrlimit(resource, &old))
		return -1;
	both.rlim_cur = both.rlim_max = old.rlim_max;
	return setrlimit(resource, &both);
}

/*
 * libbpf tries to raise RLIMIT_MEMLOCK, and goes on when it may not.
 * A user with CAP_SYS_RESOURCE could, and bpftool does.
 */
int jail_limit(const struct loader_as *as, struct err *e)
{
	bool unlimited = as->caps & bit(CAP_SYS_RESOURCE);

	if ((!SANITIZED && limit(RLIMIT_AS, MEMORY)) ||
	    limit(RLIMIT_CPU, OBJECT_SECONDS) || limit(RLIMIT_CORE, 0) ||
	    limit(RLIMIT_FSIZE, LOADER_LOG) || limit(RLIMIT_NOFILE, FILES) ||
	    limit(RLIMIT_MEMLOCK, unlimited ? RLIM_INFINITY : as->memlock))
		return jail_fail("setrlimit", e);
	/* A log that grows too large is cut. */
	signal(SIGXFSZ, SIG_IGN);
	return 0;
}

static int set_caps(uint64_t wanted)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	size_t i;

	if (syscall(SYS_capget, &header, data))
		return -1;
	for (i = 0; i < 2; i++) {
		data[i].permitted &= (uint32_t)(wanted >> 32 * i);
		data[i].effective = data[i].permitted;
		data[i].inheritable = 0;
	}
	return (int)syscall(SYS_capset, &header, data);
}

/* By the calls themselves: libc would tell threads, of which there are none. */
static int set_ids(const struct loader_as *as)
{
	return syscall(SYS_setgroups, as->ngroups, as->groups) ||
			       syscall(SYS_setresgid, as->gid, as->gid,
				       as->gid) ||
			       prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) ||
			       syscall(SYS_setresuid, as->uid, as->uid,
				       as->uid) ||
			       prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0)
		       ? -1
		       : 0;
}

int jail_become(const struct loader_as *as, struct err *e)
{
	const uint64_t kept = bit(CAP_BPF) | bit(CAP_PERFMON) |
			      bit(CAP_NET_ADMIN) | bit(CAP_SYS_ADMIN);

	if (set_ids(as))
		return jail_fail("setresuid", e);
	if (set_caps(as->caps & kept))
		return jail_fail("capset", e);
	/* No execve(2) gives root capabilities back, and nobody traces us. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0))
		return jail_fail("prctl", e);
	return 0;
}
