// SPDX-License-Identifier: BSD-2-Clause
/* claim.c - whether a program is for what a probe names. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attach/kernel/program.h"
#include "attach/kind/code/claim.h"
#include "attach/kind/code/code.h"

/* What programs for any functions are verified as: kernel/bpf/syscall.c, 7.2. */
static const char any_function[] = "bpf_multi_func";

enum { PLACE = BTF_OBJECT_NAME + BTF_NAME };

/* The kinds of these programs; BPF_PROG_TYPE_EXT's has no attach type. */
static const struct {
	uint32_t type;
	const char *kind;
} kinds_of_code[] = {
	{ BPF_TRACE_RAW_TP, "raw_tracepoint" },
	{ BPF_TRACE_FENTRY, "fentry" },
	{ BPF_TRACE_FEXIT, "fexit" },
	{ BPF_MODIFY_RETURN, "fmod_ret" },
	{ BPF_TRACE_FSESSION, "fsession" },
	{ BPF_LSM_MAC, "lsm" },
	{ BPF_TRACE_ITER, "iter" },
	{ 0, "freplace" },
};

static const char *kind_name(uint32_t type)
{
	size_t i = 0;

	while (kinds_of_code[i].type && kinds_of_code[i].type != type)
		i++;
	return kinds_of_code[i].kind;
}

/* "program 'x' (id 5) is for ..." */
static int refuse(const struct code_claim *claim, const char *what,
		  const char *place, struct err *e)
{
	const char *symbol = claim->target->sites[0].symbol;
	struct program program = { 0 };

	if (claim->target->pattern)
		symbol = "several";
	if (program_info(claim->prog_fd, &program))
		program.name[0] = '\0';
	return fail(e, EINVAL,
		    "program '%s' (id %" PRIu32
		    ") is for %s%s%s, this probe is for %s of %s",
		    program.name, program.id, what, place[0] ? " of " : "",
		    place, claim->kind->name, symbol ? symbol : "anything");
}

int code_claim_refuse(const struct code_claim *claim,
		      const struct link_info *info, struct err *e)
{
	if (info->type == BPF_LINK_TYPE_RAW_TRACEPOINT)
		return refuse(claim, "raw_tracepoint", info->name, e);
	return refuse(claim, kind_name(info->raw.tracing.attach_type), "", e);
}

/* What the program is for is what the probe names, or the name for it. */

static int claim_raw(const struct code_claim *claim, const struct code *code,
		     struct err *e)
{
	const char *name = code->function;
	size_t prefix = strlen(CODE_TRACEPOINT);
	char place[PLACE];

	code_show(code, place, sizeof(place));
	if (claim->target->nsites > 1)
		return refuse(claim, "one tracepoint", place, e);
	if (!code->btf_id)
		return 0;
	if (code->kind != BTF_KIND_TYPEDEF ||
	    strncmp(name, CODE_TRACEPOINT, prefix) != 0)
		return refuse(claim, "another kind", place, e);
	if (strcmp(name + prefix, claim->target->sites[0].symbol) != 0)
		return refuse(claim, "raw_tracepoint", name + prefix, e);
	return 0;
}

static int claim_any(const struct code_claim *claim, const struct code *code,
		     struct err *e)
{
	struct site *site = &claim->target->sites[0];
	char place[PLACE];

	code_show(code, place, sizeof(place));
	site->symbol = strdup(place);
	return site->symbol ? 0 : fail(e, ENOMEM, "no memory");
}

/* The program is for the functions of one object, whichever they are. */
static int claim_multi(const struct code_claim *claim, const struct code *code,
		       struct err *e)
{
	struct code_target *target = &claim->target->code;

	if (!claim->target->sites[0].symbol)
		return fail(
			e, EINVAL,
			"the field 'symbol' is empty, and the program is for any functions");
	if (target->prog_id || code->obj_id != target->obj_id)
		return refuse(claim, "functions", code->module, e);
	target->multi = true;
	return 0;
}

static int claim_function(const struct code_claim *claim,
			  const struct code *code, struct err *e)
{
	const struct code_target *target = &claim->target->code;
	char place[PLACE];

	code_show(code, place, sizeof(place));
	if (claim->target->pattern) {
		refuse(claim, "one function", place, e);
		fail_hint(e, "load it with the attach type of a multi link");
		return -EINVAL;
	}
	/* A freplace program can be put on another function than it says. */
	if (!target->btf_id || !code->obj_id || !target->attach_type)
		return 0;
	if (code->btf_id == target->btf_id &&
	    (!target->obj_id || code->obj_id == target->obj_id))
		return 0;
	return refuse(claim, "code", place, e);
}

int code_claim_check(const struct code_claim *claim, struct err *e)
{
	struct code code;
	int err = code_of_program(claim->prog_fd, &code);

	if (err)
		return fail(e, -err,
			    "what the program is for cannot be told: %s",
			    strerror(errno_clamp(-err)));
	if (claim->target->code.attach_type == BPF_TRACE_RAW_TP)
		return claim_raw(claim, &code, e);
	if (!strcmp(code.function, any_function))
		return claim_multi(claim, &code, e);
	if (!claim->target->sites[0].symbol)
		return claim_any(claim, &code, e);
	return claim_function(claim, &code, e);
}
