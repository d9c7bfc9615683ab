// SPDX-License-Identifier: BSD-2-Clause
/* refusal_code.c - sentences for programs that are for certain code. */
#include <errno.h>
#include <stdlib.h>

#include "attach/kernel/link/link_info.h"
#include "attach/kind/code/refusal_code.h"
#include "attach/kind/refusal.h"
#include "scope.h"

/* kernel/bpf/syscall.c, bpf_tracing_prog_attach(); kernel/bpf/trampoline.c */
static const struct refusal refusals[] = {
	{ EBUSY,
	  "the program is attached already, or a freplace program is there; the kernel takes such a program once: load it again for another probe" },
	{ E2BIG,
	  "as many programs as the kernel takes are on the function already: 38, or less of what is large" },
	{ ENOENT,
	  "the program has been attached before, and this kernel does that once: load it again" },
	{ EOPNOTSUPP,
	  "the function cannot have a program: it has no room for a call, or its arguments are too many" },
	{ 0 },
};

int code_explain(const struct target *target, const struct site *site,
		 bool event, int code, struct err *e)
{
	const char *symbol = site->symbol ? site->symbol : "what it is for";
	scoped_free char *what = NULL;
	const char *text = refusal_text(refusals, code);
	bool several = target->nsites > 1;

	if (code == EINVAL && target->code.multi)
		return fail(
			e, code,
			"the program was loaded for any functions, but not as %s, or it may sleep, which not all that match let it",
			attach_type_name(target->code.attach_type));
	if (code == EINVAL && target->code.attach_type)
		return fail(
			e, code,
			"the program was loaded for '%s', but not as %s: for another of fentry, fexit, fmod_ret, fsession",
			symbol, attach_type_name(target->code.attach_type));
	if (code == EINVAL && !target->code.btf_id)
		return fail(
			e, code,
			"the kernel puts a freplace program once on what it was loaded for, and this one is or was there: write the fields 'program' and 'function'");
	if (code == EINVAL)
		return fail(
			e, code,
			"the program does not fit '%s': its arguments and result have to be the same",
			symbol);
	if (text)
		return fail(e, code,
			    "the kernel refused the program on %s'%s': %s",
			    several ? "one of the functions from " : "", symbol,
			    text);
	if (asprintf(&what, "program on '%s'", symbol) < 0)
		return fail(e, ENOMEM, "no memory for a sentence");
	return refusal_explain(what, event, code, e);
}
