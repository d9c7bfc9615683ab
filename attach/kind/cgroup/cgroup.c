// SPDX-License-Identifier: BSD-2-Clause
/* cgroup.c - the kind cgroup: what processes of a cgroup do. */
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <string.h>

#include "attach/kernel/bpf_link.h"
#include "attach/kernel/features.h"
#include "attach/kernel/program.h"
#include "attach/kind/cgroup/hooks.h"
#include "attach/kind/cgroup/place.h"
#include "attach/kind/kind.h"
#include "attach/kind/order.h"
#include "attach/kind/refusal.h"
#include "attach/kind/target.h"
#include "scope.h"

struct cgroup {
	char *path;
	uint32_t hook;
	struct order order;
	uint64_t revision;
};

static const struct field fields[] = {
	FIELD(struct cgroup, path, CGROUP_PATH_HELP),
	{
		.name = "hook",
		.type = &type_cgroup_hook,
		.offset = offsetof(struct cgroup, hook),
		.help = "what of the cgroup's processes: see 'available'",
	},
	ORDER_FIELDS(struct cgroup),
	{ 0 },
};

/*
 * The last ':' parts them: names of cgroups have both ':' and '@' in them, as
 * user@1000.service has.
 */
static int parse(const char *name, void *spec, struct err *e)
{
	struct cgroup *cgroup = spec;
	const char *colon = strrchr(name, ':');
	struct span path, rest, hook;
	int err;

	if (!colon)
		return name_lone_label(name, "CGROUP:HOOK", e);
	path = (struct span){ 0, (size_t)(colon - name) };
	err = cgroup_name(name, path, &cgroup->path, e);
	if (err)
		return err;
	rest = (struct span){ path.end + 1, strlen(name) };
	hook = (struct span){ rest.start,
			      rest.start + strcspn(colon + 1, "@") };
	err = cgroup_hook_parse(name, hook, &cgroup->hook, e);
	if (err || hook.end == rest.end)
		return err;
	rest.start = hook.end + 1;
	return name_check(name, rest, "_.-", "a label", e);
}

static int check_features(const struct cgroup *cgroup, struct err *e)
{
	const struct cgroup_hook *hook = &cgroup_hooks[cgroup->hook - 1];
	int err = feature_need(hook->feature,
			       "a program cannot be put on this hook", e);

	if (!err && (cgroup->order.flags || cgroup->revision))
		err = feature_need(
			FEATURE_CGROUP_ORDER,
			"programs of a cgroup cannot be ordered; empty 'order' and 'revision'",
			e);
	return err;
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct cgroup *cgroup = spec;
	struct hook_target *hook = &target->hook;
	int err;

	if (!cgroup->hook)
		return fail(
			e, EINVAL,
			"the field 'hook' is empty; 'available' of the kind lists them");
	err = check_features(cgroup, e);
	if (!err)
		err = cgroup_find(cgroup->path, opener, target, e);
	if (err)
		return err;
	hook->create.attach_type = cgroup_accepts[cgroup->hook - 1].attach_type;
	if (!target_add(target, cgroup_hooks[cgroup->hook - 1].name))
		return fail(e, ENOMEM, "no memory for a site");
	return order_fill(&cgroup->order, cgroup->revision, opener, hook, e);
}

static size_t row_of(const struct target *target)
{
	size_t i = 0;

	while (cgroup_accepts[i].attach_type != target->hook.create.attach_type)
		i++;
	return i;
}

static int refuse(const struct target *target, const struct program *program,
		  struct err *e)
{
	size_t row = row_of(target);

	return fail(
		e, EINVAL,
		"program '%s' (id %" PRIu32
		") was loaded for another hook; '%s' takes programs of type %s that were loaded for it, as libbpf does those of the section '%s'",
		program->name, program->id, cgroup_hooks[row].name,
		program_type_name(cgroup_accepts[row].prog_type),
		cgroup_hooks[row].section);
}

static int arm(struct target *target, int prog_fd, uint64_t cookie,
	       struct err *e)
{
	int link =
		bpf_link_try_cgroup(prog_fd, target->hook.create.attach_type);
	struct program program;
	int err;

	(void)cookie;
	if (link == -EBADF)
		return 0;
	err = program_info(prog_fd, &program);
	if (err)
		return fail(e, -err,
			    "the kernel does not describe the program");
	if (link == -EINVAL)
		return refuse(target, &program, e);
	return refusal_explain("link on a cgroup", false, -link, e);
}

/*
 * get_prog_list() of kernel/bpf/cgroup.c, 6.17: links go by links only, and those
 * with BPF_F_PREORDER have an order of their own.
 */
static int explain_anchor(const struct hook_target *hook, int code,
			  struct err *e)
{
	if (code != EINVAL || !hook->create.order.relative)
		return 0;
	if (hook->create.flags & ABI_F_LINK)
		return fail(
			e, code,
			"'order' names a link that was made with BPF_F_PREORDER: its program runs before those of the cgroups above, and is not ordered among the others; write another link, first or last");
	return fail(
		e, code,
		"'order' names a program, and of a cgroup's programs those that have a link are ordered by links only; write link:ID");
}

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;
	int err = order_explain(&target->hook, code, e);

	(void)event;
	if (!err)
		err = explain_anchor(&target->hook, code, e);
	if (!err)
		err = cgroup_explain(target, code, e);
	if (err)
		return err;
	if (asprintf(&what, "link on the hook '%s' of '%s'", site->symbol,
		     target->hook.where) < 0) {
		what = NULL;
		return fail(e, ENOMEM, "no memory for a sentence");
	}
	return refusal_explain(what, false, code, e);
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	size_t i;

	(void)spec;
	(void)opener;
	(void)e;
	fputs("# CGROUP:HOOK, CGROUP with %2F for each '/': HOOK, type of program, section of libbpf\n",
	      out);
	for (i = 0; cgroup_hooks[i].name; i++)
		if (feature_has(cgroup_hooks[i].feature))
			fprintf(out, "%s\t%s\t%s\n", cgroup_hooks[i].name,
				program_type_name(cgroup_accepts[i].prog_type),
				cgroup_hooks[i].section);
	return 0;
}

const struct kind kind_cgroup = {
	.name = "cgroup",
	.grammar = "CGROUP:HOOK[@LABEL] or LABEL",
	.help = "a program that runs when a process of a cgroup does something, and can forbid it",
	.example = "system.slice:egress",
	.fields = fields,
	.spec_size = sizeof(struct cgroup),
	.accepts = cgroup_accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_ALTERS,
	.capability = CAP_NET_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.arm = arm,
	.explain = explain,
	.matches = cgroup_matches,
	.show = cgroup_show,
	.show_sites = cgroup_show_sites,
	.gone = cgroup_gone,
	.available = available,
};
