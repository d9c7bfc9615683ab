// SPDX-License-Identifier: BSD-2-Clause
/* raw_tracepoint.c - the kind raw_tracepoint: tracepoints by their arguments. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/features.h"
#include "attach/kernel/tracefs.h"
#include "attach/kind/code/code.h"
#include "attach/kind/name.h"
#include "attach/kind/refusal.h"
#include "pattern.h"
#include "scope.h"

struct raw_tracepoint {
	char *name;
};

static const struct field fields[] = {
	FIELD(struct raw_tracepoint, name,
	      "the tracepoint, or a pattern with * and ?"),
	{ 0 },
};

static int parse(const char *name, void *spec, struct err *e)
{
	struct raw_tracepoint *raw = spec;
	struct span span;
	int err = name_label(name, &span, e);

	if (!err)
		err = name_check(name, span, "_*?", "a tracepoint's name", e);
	return err ? err : name_copy(name, span, &raw->name, e);
}

static int name_fits(const char *name, struct err *e)
{
	struct err why;

	if (!name)
		return fail(e, EINVAL, "the field 'name' is empty");
	if (name_check(name, (struct span){ 0, strlen(name) }, "_*?", "it",
		       &why))
		return fail(e, EINVAL, "the field 'name' is malformed: %s",
			    why.text);
	return 0;
}

/*
 * GROUP:NAME, of a kernel without BTF: events of system calls, of the function
 * tracer and of others are no tracepoints, and opening them tells.
 */
static int list_events(FILE *out, struct err *e)
{
	scoped_free char *lines = NULL;
	char *rest, *line, *group;
	size_t size;
	FILE *all = open_memstream(&lines, &size);
	int err = all ? tracefs_list_events(all, e) : -ENOMEM;

	if (!all || fclose(all))
		return fail(e, ENOMEM, "no memory for the list of tracepoints");
	if (err)
		return err;
	rest = lines;
	while ((line = strsep(&rest, "\n"))) {
		group = strsep(&line, ":");
		if (line && strcmp(group, "syscalls") != 0 &&
		    strcmp(group, "ftrace") != 0)
			fprintf(out, "%s\n", line);
	}
	return 0;
}

static int list(FILE *out, struct err *e)
{
	return feature_has(FEATURE_BTF)
		       ? code_list(BTF_KIND_TYPEDEF, CODE_TRACEPOINT, out, e)
		       : list_events(out, e);
}

static int add(struct target *target, const char *name, struct err *e)
{
	return target_add(target, name)
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}

static int resolve_pattern(const char *pattern, struct target *target,
			   struct err *e)
{
	scoped_free char *lines = NULL;
	size_t size;
	FILE *out = open_memstream(&lines, &size);
	char *rest, *line;
	int err;

	if (!out)
		return fail(e, ENOMEM, "no memory for the list of tracepoints");
	err = list(out, e);
	if (fclose(out) && !err)
		err = fail(e, ENOMEM, "no memory for the list of tracepoints");
	target->pattern = true;
	rest = lines;
	while (!err && (line = strsep(&rest, "\n")))
		if (*line && pattern_match(pattern, line))
			err = add(target, line, e);
	if (err || target->nsites)
		return err;
	return fail(e, ENOENT, "no tracepoint matches '%s'", pattern);
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct raw_tracepoint *raw = spec;
	int err = name_fits(raw->name, e);

	(void)opener;
	target->code.attach_type = BPF_TRACE_RAW_TP;
	if (err)
		return err;
	return pattern_is(raw->name) ? resolve_pattern(raw->name, target, e)
				     : add(target, raw->name, e);
}

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;

	(void)target;
	if (code == ENOENT)
		return fail(
			e, code,
			"no tracepoint '%s' in this kernel or its loaded modules; see 'available'",
			site->symbol);
	/* kernel/trace/bpf_trace.c, __bpf_probe_register() */
	if (code == EINVAL)
		return fail(
			e, code,
			"the program writes or reads more than tracepoint '%s' has: it has too few arguments, or is not writable",
			site->symbol);
	if (code == EEXIST)
		return fail(
			e, code,
			"the program is on tracepoint '%s' already, which before Linux 6.12 takes each program once",
			site->symbol);
	if (asprintf(&what, "program on raw tracepoint '%s'", site->symbol) < 0)
		return fail(e, ENOMEM, "no memory for a sentence");
	return refusal_explain(what, event, code, e);
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	(void)spec;
	(void)opener;
	return list(out, e);
}

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT },
	{ .prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE },
	{ .prog_type = BPF_PROG_TYPE_TRACING, .attach_type = BPF_TRACE_RAW_TP },
	{ 0 },
};

const struct kind kind_raw_tracepoint = {
	.name = "raw_tracepoint",
	.grammar = "NAME[@LABEL]",
	.help = "a program that runs at a tracepoint of the kernel and gets the tracepoint's own arguments",
	.example = "sched_process_exec",
	.fields = fields,
	.spec_size = sizeof(struct raw_tracepoint),
	.accepts = accepts,
	.attacher = ATTACHER_CODE,
	.traits = KIND_COOKIE,
	.capability = CAP_PERFMON,
	.parse = parse,
	.resolve = resolve,
	.explain = explain,
	.available = available,
};
