// SPDX-License-Identifier: BSD-2-Clause
/*
 * iter.c - the kind iter: programs that print what the kernel has of something.
 *
 * A program is loaded for one iterator, so the name of a probe is a claim: a link
 * is made and dropped to learn for which, before the one that stays.  Such a link
 * runs nothing until its output is read.
 */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>

#include "attach/kind/iter/iter.h"
#include "attach/kind/name.h"

static const struct field fields[] = {
	FIELD(struct iter, target,
	      "the iterator that the program has to be for; empty: whatever it is for"),
	FIELD(struct iter, map,
	      "the map whose elements are gone over: its pin, id:N or name:NAME, /proc/PID/fd/N"),
	FIELD(struct iter, pid, "task iterators: only this process"),
	FIELD(struct iter, tid, "task iterators: only this thread"),
	FIELD(struct iter, cgroup,
	      "the cgroup iterator: the directory of the first cgroup; empty: the root"),
	{
		.name = "order",
		.type = &iter_order,
		.offset = offsetof(struct iter, order),
		.help = "the cgroup iterator: which cgroups, in which order; descendants_pre if not written",
	},
	{ 0 },
};

/* Names */

/* No function of the kernel has a name of these, so no iterator has. */
static bool is_label(const char *name)
{
	return strpbrk(name, ".-") && !strchr(name, '@');
}

static int parse(const char *name, void *spec, struct err *e)
{
	struct iter *iter = spec;
	struct span span = { 1, strlen(name) };
	int err;

	if (name[0] == '@')
		return name_check(name, span, "_.-", "a label", e);
	if (is_label(name))
		return name_lone_label(name, "TARGET[@LABEL]", e);
	err = name_label(name, &span, e);
	if (!err)
		err = name_check(name, span, "_", "an iterator's name", e);
	return err ? err : name_copy(name, span, &iter->target, e);
}

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_TRACING,
	  .attach_type = BPF_TRACE_ITER,
	  .no_neutral =
		  "an iterator is there for what its program prints, and a built-in program prints nothing; attach one of your own" },
	{ 0 },
};

const struct kind kind_iter = {
	.name = "iter",
	.grammar = "TARGET[@LABEL] or @LABEL",
	.help = "a program that prints what the kernel has of something, in the file 'output'",
	.example = "task",
	.fields = fields,
	.spec_size = sizeof(struct iter),
	.accepts = accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_OUTPUT,
	.capability = CAP_PERFMON,
	.parse = parse,
	.resolve = iter_resolve,
	.arm = iter_arm,
	.rearm = iter_rearm,
	.explain = iter_explain,
	.matches = iter_matches,
	.show = iter_show,
	.available = iter_available,
};
