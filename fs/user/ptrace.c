// SPDX-License-Identifier: BSD-2-Clause
/* ptrace.c - the rules of ptrace(2), on what /proc tells. */
#include <linux/capability.h>
#include <stdio.h>

#include "fs/user/ptrace.h"
#include "scope.h"

static bool ids_allow(const struct cred *by, const struct cred *whom)
{
	size_t i;

	for (i = 0; i < 3; i++)
		if (whom->uids[i] != by->uids[0] ||
		    whom->gids[i] != by->gids[0])
			return false;
	return true;
}

/* security/commoncap.c, cap_ptrace_access_check(). */
static bool caps_allow(const struct cred *by, const struct cred *whom)
{
	return by->user_ns && by->user_ns == whom->user_ns &&
	       by->user_ns_dev == whom->user_ns_dev &&
	       !(whom->permitted & ~by->permitted);
}

static bool descends(const struct cred *whom, pid_t from)
{
	struct cred step = *whom;

	while (step.ppid && step.ppid != from)
		if (cred_get(step.ppid, &step))
			return false;
	return step.ppid == from;
}

/*
 * Documentation/admin-guide/LSM/Yama.rst, ptrace_scope: 0 is off, with 1 one
 * traces one's own descendants, with 2 one needs the capability, with 3 nobody
 * traces.  Whom a process has chosen by PR_SET_PTRACER nothing tells.
 */
static int yama_scope(void)
{
	scoped_file FILE *file =
		fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	int scope = 0;

	if (file && fscanf(file, "%d", &scope) != 1)
		scope = 3;
	return scope;
}

bool ptrace_readable(const struct cred *by, const struct cred *whom)
{
	return by->tgid == whom->tgid || cred_has_cap(by, CAP_SYS_PTRACE) ||
	       (ids_allow(by, whom) && caps_allow(by, whom) && whom->dumpable);
}

bool ptrace_within_yama(const struct cred *by, const struct cred *whom)
{
	int yama = yama_scope();

	if (cred_has_cap(by, CAP_SYS_PTRACE))
		return yama < 3;
	return yama == 0 || (yama == 1 && descends(whom, by->tgid));
}

bool ptrace_allowed(const struct cred *by, const struct cred *whom)
{
	return by->tgid == whom->tgid ||
	       (ptrace_readable(by, whom) && ptrace_within_yama(by, whom));
}
