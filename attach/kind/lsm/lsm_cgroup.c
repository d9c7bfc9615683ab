// SPDX-License-Identifier: BSD-2-Clause
/*
 * lsm_cgroup.c - the kind lsm_cgroup: hooks of the kernel's security modules, for
 * the processes and sockets of a cgroup.
 *
 * The link is a cgroup's, and the hook is what the program was loaded for.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <string.h>

#include "attach/kernel/bpf_link.h"
#include "attach/kernel/features.h"
#include "attach/kernel/program.h"
#include "attach/kind/cgroup/place.h"
#include "attach/kind/code/code.h"
#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "attach/kind/refusal.h"
#include "attach/kind/target.h"
#include "scope.h"

struct lsm_cgroup {
	char *hook;
	char *path;
};

static const struct field fields[] = {
	FIELD(struct lsm_cgroup, hook, "the hook, without bpf_lsm_"),
	FIELD(struct lsm_cgroup, path, CGROUP_PATH_HELP),
	{ 0 },
};

static int parse(const char *name, void *spec, struct err *e)
{
	struct lsm_cgroup *lsm = spec;
	struct span span;
	int err = name_label(name, &span, e);

	if (!err)
		err = name_check(name, span, "_", "a hook's name", e);
	return err ? err : name_copy(name, span, &lsm->hook, e);
}

static int check_fields(const struct lsm_cgroup *lsm, struct err *e)
{
	if (!lsm->hook)
		return fail(e, EINVAL, "the field 'hook' is empty");
	if (!lsm->path)
		return fail(
			e, EINVAL,
			"the field 'path' is empty; write the path of a cgroup to it, '/' for the root of all");
	if (strchr(lsm->hook, ':'))
		return fail(e, EINVAL, "':' cannot be in a hook's name");
	return 0;
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct lsm_cgroup *lsm = spec;
	int err = check_fields(lsm, e);

	if (!err)
		err = feature_need(
			FEATURE_LSM_CGROUP,
			"a program cannot be on LSM hooks of a cgroup here", e);
	if (!err)
		err = code_find(target, CODE_LSM, lsm->hook, e);
	if (!err)
		err = cgroup_find(lsm->path, opener, target, e);
	if (err)
		return err;
	target->hook.create.attach_type = BPF_LSM_CGROUP;
	return target_add(target, lsm->hook)
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}

/* The hook that the probe names is the one that the program was loaded for. */
static int claim(const struct target *target, int prog_fd, struct err *e)
{
	char place[BTF_OBJECT_NAME + BTF_NAME];
	struct program program = { 0 };
	struct code code;
	int err = code_of_program(prog_fd, &code);

	if (err)
		return fail(e, -err,
			    "what the program is for cannot be told: %s",
			    strerror(errno_clamp(-err)));
	if (!code.btf_id || code.btf_id == target->code.btf_id)
		return 0;
	code_show(&code, place, sizeof(place));
	if (program_info(prog_fd, &program))
		program.name[0] = '\0';
	return fail(e, EINVAL,
		    "program '%s' (id %" PRIu32
		    ") is for %s, this probe is for the hook '%s'",
		    program.name, program.id, place, target->sites[0].symbol);
}

static int arm(struct target *target, int prog_fd, uint64_t cookie,
	       struct err *e)
{
	int link = bpf_link_try_cgroup(prog_fd, BPF_LSM_CGROUP);

	(void)cookie;
	if (link == -EBADF)
		return claim(target, prog_fd, e);
	if (link == -EINVAL)
		return fail(
			e, EINVAL,
			"the program was loaded for an LSM hook, but not for one of a cgroup, as libbpf does those of the section 'lsm_cgroup/%s'",
			target->sites[0].symbol);
	return refusal_explain("link on a cgroup", false, -link, e);
}

static int rearm(struct target *target, int prog_fd, uint64_t *cookie,
		 struct err *e)
{
	(void)cookie;
	return claim(target, prog_fd, e);
}

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;
	int err = cgroup_explain(target, code, e);

	if (err)
		return err;
	if (asprintf(&what, "link on the LSM hook '%s' of '%s'", site->symbol,
		     target->hook.where) < 0) {
		what = NULL;
		return fail(e, ENOMEM, "no memory for a sentence");
	}
	return refusal_explain(what, event, code, e);
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	(void)spec;
	(void)opener;
	return code_list(BTF_KIND_FUNC, CODE_LSM, out, e);
}

/* bpf_prog_run_array_cg() of kernel/bpf/cgroup.c makes EPERM of 0. */
static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_LSM,
	  .attach_type = BPF_LSM_CGROUP,
	  .neutral = 1 },
	{ 0 },
};

const struct kind kind_lsm_cgroup = {
	.name = "lsm_cgroup",
	.grammar = "HOOK[@LABEL]",
	.help = "a program that decides at a hook of the kernel's security modules, for a cgroup",
	.example = "socket_bind",
	.fields = fields,
	.spec_size = sizeof(struct lsm_cgroup),
	.accepts = accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_ALTERS,
	.capability = CAP_SYS_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.arm = arm,
	.rearm = rearm,
	.explain = explain,
	.matches = cgroup_matches,
	.show = cgroup_show,
	.gone = cgroup_gone,
	.available = available,
};
