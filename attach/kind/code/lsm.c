// SPDX-License-Identifier: BSD-2-Clause
/* lsm.c - the kind lsm: hooks of the kernel's security modules. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/features.h"
#include "attach/kind/code/code.h"
#include "attach/kind/code/refusal_code.h"
#include "attach/kind/name.h"
#include "scope.h"

struct lsm {
	char *hook;
};

static const struct field fields[] = {
	FIELD(struct lsm, hook, "the hook, without bpf_lsm_"),
	{ 0 },
};

static int parse(const char *name, void *spec, struct err *e)
{
	struct lsm *lsm = spec;
	struct span span;
	int err = name_label(name, &span, e);

	if (!err)
		err = name_check(name, span, "_", "a hook's name", e);
	return err ? err : name_copy(name, span, &lsm->hook, e);
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct lsm *lsm = spec;
	int err;

	(void)opener;
	target->code.attach_type = BPF_LSM_MAC;
	if (!lsm->hook)
		return fail(e, EINVAL, "the field 'hook' is empty");
	if (strchr(lsm->hook, ':'))
		return fail(e, EINVAL, "':' cannot be in a hook's name");
	err = feature_need(FEATURE_LSM,
			   "programs on LSM hooks do not run in this kernel",
			   e);
	if (!err)
		err = code_find(target, CODE_LSM, lsm->hook, e);
	if (err)
		return err;
	return target_add(target, lsm->hook)
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	(void)spec;
	(void)opener;
	return code_list(BTF_KIND_FUNC, CODE_LSM, out, e);
}

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_LSM, .attach_type = BPF_LSM_MAC },
	{ 0 },
};

const struct kind kind_lsm = {
	.name = "lsm",
	.grammar = "HOOK[@LABEL]",
	.help = "a program that decides at a hook of the kernel's security modules",
	.example = "file_open",
	.fields = fields,
	.spec_size = sizeof(struct lsm),
	.accepts = accepts,
	.attacher = ATTACHER_CODE,
	.traits = KIND_COOKIE | KIND_ALTERS,
	.capability = CAP_SYS_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.explain = code_explain,
	.available = available,
};
