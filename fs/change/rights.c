// SPDX-License-Identifier: BSD-2-Clause
/* rights.c - whose program a user may have attached. */
#include <errno.h>
#include <linux/capability.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "fs/change/rights.h"

/* CAP_SYS_ADMIN has all of them in it (include/linux/capability.h, 5.8). */
static bool has(const struct caller *caller, int capability)
{
	uint64_t caps = caller_caps(caller) & ~caller->denied;

	return caps >> capability & 1 || caps >> CAP_SYS_ADMIN & 1;
}

/*
 * Of a program that cannot be looked at nobody is the owner, nor of a map, whose
 * owner the kernel does not tell.
 */
static bool is_own(const struct caller *caller, int prog_fd,
		   struct program *program)
{
	return bpf_object_of(prog_fd) == BPF_OBJECT_PROG &&
	       !program_info(prog_fd, program) && program->uid == caller->uid;
}

static bool is_asked(const struct kind *kind, const struct program *program)
{
	const struct accept *accept = kind_accepts(kind, program->type);

	return accept && accept->asks;
}

static int refuse_asked(const struct kind *kind, const struct program *program,
			struct err *e)
{
	return fail(
		e, EPERM,
		"programs of type %s need %s, or CAP_SYS_ADMIN, to be attached, even by whoever has loaded them",
		program_type_name(program->type), kind_capability(kind));
}

int rights_check(const struct caller *caller, const struct kind *kind,
		 int prog_fd, struct err *e)
{
	struct program program;

	if (!kind->capability || has(caller, kind->capability))
		return 0;
	if (is_own(caller, prog_fd, &program))
		return is_asked(kind, &program)
			       ? refuse_asked(kind, &program, e)
			       : 0;
	if (kind->traits & KIND_MAP)
		return fail(e, EPERM,
			    "a map needs %s to be attached, whoever made it",
			    kind_capability(kind));
	return fail(
		e, EPERM,
		"%s needs %s, or CAP_SYS_ADMIN, to be attached to a %s by whoever has not loaded it",
		prog_fd < 0 ? "a program of probefs"
			    : "a program of another user",
		kind_capability(kind), kind->name);
}
