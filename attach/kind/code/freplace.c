// SPDX-License-Identifier: BSD-2-Clause
/* freplace.c - the kind freplace: programs in the place of a BPF function. */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>

#include "attach/kernel/features.h"
#include "attach/kind/code/code.h"
#include "attach/kind/code/refusal_code.h"
#include "attach/kind/name.h"

struct freplace {
	char *program;
	char *function;
};

static const struct field fields[] = {
	FIELD(struct freplace, program,
	      "the BPF program whose function is replaced, as in 'attach'; nothing: the one that it was loaded for"),
	FIELD(struct freplace, function, "the function of that program"),
	{ 0 },
};

static int parse(const char *name, void *spec, struct err *e)
{
	(void)spec;
	return name_check(name, (struct span){ 0, strlen(name) }, "_.-",
			  "a label", e);
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct freplace *freplace = spec;
	int fd, err;

	if (!freplace->program != !freplace->function)
		return fail(
			e, EINVAL,
			"the field '%s' is empty: 'program' and 'function' are both written, or neither is",
			freplace->program ? "function" : "program");
	err = feature_need(FEATURE_FENTRY,
			   "this kernel has no programs on functions", e);
	if (!err && freplace->program) {
		fd = opener->object(opener->ctx, freplace->program,
				    BPF_OBJECT_PROG, e);
		err = fd < 0 ? fd
			     : code_find_in_program(target, fd,
						    freplace->function, e);
	}
	if (err)
		return err;
	return target_add(target, freplace->function)
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	(void)spec;
	(void)opener;
	(void)out;
	(void)e;
	return 0;
}

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_EXT },
	{ 0 },
};

const struct kind kind_freplace = {
	.name = "freplace",
	.grammar = "LABEL",
	.help = "a program that takes the place of a function of another BPF program",
	.example = "mine",
	.fields = fields,
	.spec_size = sizeof(struct freplace),
	.accepts = accepts,
	.attacher = ATTACHER_CODE,
	.traits = KIND_COOKIE | KIND_ALTERS,
	.capability = CAP_SYS_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.explain = code_explain,
	.available = available,
};
