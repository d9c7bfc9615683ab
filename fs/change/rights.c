// SPDX-License-Identifier: BSD-2-Clause
/* rights.c - whose program a user may have attached. */
#include <errno.h>
#include <linux/capability.h>

#include "attach/kernel/program.h"
#include "fs/change/rights.h"

/* CAP_SYS_ADMIN has all of them in it (include/linux/capability.h, 5.8). */
static bool has(const struct caller *caller, int capability)
{
	uint64_t caps = caller_caps(caller) & ~caller->denied;

	return caps >> capability & 1 || caps >> CAP_SYS_ADMIN & 1;
}

/* Of a program that cannot be looked at nobody is the owner. */
static bool is_own(const struct caller *caller, int prog_fd)
{
	struct program program;

	return prog_fd >= 0 && !program_info(prog_fd, &program) &&
	       program.uid == caller->uid;
}

int rights_check(const struct caller *caller, const struct kind *kind,
		 int prog_fd, struct err *e)
{
	if (!kind->capability || has(caller, kind->capability) ||
	    is_own(caller, prog_fd))
		return 0;
	return fail(
		e, EPERM,
		"%s needs %s, or CAP_SYS_ADMIN, to be attached to a %s by whoever has not loaded it",
		prog_fd < 0 ? "a program of probefs"
			    : "a program of another user",
		kind_capability(kind), kind->name);
}
