// SPDX-License-Identifier: BSD-2-Clause
/* tracepoint.c - the kind tracepoint: static events of the kernel. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/tracefs.h"
#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "attach/kind/refusal.h"
#include "attach/kind/target.h"
#include "pattern.h"
#include "scope.h"

struct tracepoint {
	char *group;
	char *name;
};

static const struct field fields[] = {
	FIELD(struct tracepoint, group,
	      "directory below events/ of tracefs, or a pattern with * and ?"),
	FIELD(struct tracepoint, name,
	      "the event in it, or a pattern with * and ?"),
	{ 0 },
};

/* A digit may come first (9p:9p_client_req), and '-' in a group of a module. */
static int check(const char *text, struct span span, const char *what,
		 struct err *e)
{
	return name_check(text, span, "_-*?", what, e);
}

static int parse(const char *name, void *spec, struct err *e)
{
	struct tracepoint *tracepoint = spec;
	struct span span, group, event;
	int err = name_label(name, &span, e);
	size_t colon;

	if (err)
		return err;
	colon = strcspn(name, ":@");
	if (name[colon] != ':')
		return fail_at(e, EINVAL, span.end,
			       "a tracepoint's name is GROUP:NAME");
	group = (struct span){ 0, colon };
	event = (struct span){ colon + 1, span.end };
	err = check(name, group, "a group", e);
	if (!err)
		err = check(name, event, "an event's name", e);
	if (!err)
		err = name_copy(name, group, &tracepoint->group, e);
	return err ? err : name_copy(name, event, &tracepoint->name, e);
}

static int field_check(const char *field, const char *text, struct err *e)
{
	struct err why;

	if (!text)
		return fail(e, EINVAL, "the field '%s' is empty", field);
	if (check(text, (struct span){ 0, strlen(text) }, "it", &why))
		return fail(e, EINVAL, "the field '%s' is malformed: %s", field,
			    why.text);
	return 0;
}

static int add(struct target *target, const char *group, const char *name,
	       struct err *e)
{
	scoped_free char *symbol = NULL;
	struct site *site;
	uint32_t id;
	int err = tracefs_event_id(group, name, &id, e);

	if (err)
		return err;
	if (asprintf(&symbol, "%s:%s", group, name) < 0)
		return fail(e, ENOMEM, "no memory for a name");
	site = target_add(target, symbol);
	if (!site)
		return fail(e, ENOMEM, "no memory for a site");
	site->event_id = id;
	return 0;
}

/* Events of the function tracer, which no program can be put on. */
static const char ftrace_group[] = "ftrace";

static int refuse_ftrace(const char *name, struct err *e)
{
	return fail(
		e, EINVAL,
		"'ftrace:%s' is a record of the function tracer and no tracepoint; probe a function with a kprobe",
		name);
}

static bool matches(const struct tracepoint *tracepoint, const char *group,
		    const char *name)
{
	return pattern_match(tracepoint->group, group) &&
	       pattern_match(tracepoint->name, name);
}

/*
 * Of lines GROUP:NAME, which are cut in place.  What has no id (a name that is
 * no identifier, an event that has gone meanwhile) cannot be probed.
 */
static int add_matching(struct target *target,
			const struct tracepoint *tracepoint, char *lines,
			struct err *e)
{
	char *line, *group;
	int err = 0;

	while (!err && (line = strsep(&lines, "\n"))) {
		group = strsep(&line, ":");
		if (!line || !matches(tracepoint, group, line))
			continue;
		if (strcmp(group, ftrace_group))
			err = add(target, group, line, e);
		else
			err = -ENOENT;
		if (err == -ENOENT || err == -EINVAL) {
			target->left_out++;
			err = 0;
		}
	}
	return err;
}

static int resolve_pattern(const struct tracepoint *tracepoint,
			   struct target *target, struct err *e)
{
	scoped_free char *lines = NULL;
	size_t size;
	FILE *out = open_memstream(&lines, &size);
	int err;

	if (!out)
		return fail(e, ENOMEM, "no memory for the list of tracepoints");
	err = tracefs_list_events(out, e);
	if (fclose(out) && !err)
		err = fail(e, ENOMEM, "no memory for the list of tracepoints");
	target->pattern = true;
	if (!err)
		err = add_matching(target, tracepoint, lines, e);
	if (err || target->nsites)
		return err;
	fail(e, ENOENT, "no tracepoint matches '%s:%s'", tracepoint->group,
	     tracepoint->name);
	if (target->left_out)
		fail_hint(e, "%zu that match were left out", target->left_out);
	return -ENOENT;
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct tracepoint *tracepoint = spec;
	int err;

	(void)opener;
	target->event.place = PLACE_TRACEPOINT;
	err = field_check("group", tracepoint->group, e);
	if (!err)
		err = field_check("name", tracepoint->name, e);
	if (err)
		return err;
	if (pattern_is(tracepoint->group) || pattern_is(tracepoint->name))
		return resolve_pattern(tracepoint, target, e);
	if (!strcmp(tracepoint->group, ftrace_group))
		return refuse_ftrace(tracepoint->name, e);
	return add(target, tracepoint->group, tracepoint->name, e);
}

/*
 * The file of tracefs in which the event was made (by perf probe, say), or
 * NULL.  Its lines are "p:GROUP/NAME ...".
 */
static const char *made_in(const char *symbol)
{
	static const char *const files[] = { "kprobe_events", "uprobe_events" };
	const char *root = tracefs_root(NULL);
	char path[4096], text[4096], wanted[256], *event;
	size_t i;

	snprintf(wanted, sizeof(wanted), "%s", symbol);
	wanted[strcspn(wanted, ":")] = '/';
	for (i = 0; root && i < COUNT(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, files[i]);
		scoped_file FILE *in = fopen(path, "re");

		while (in && fgets(text, sizeof(text), in)) {
			event = text + strcspn(text, ":");
			event[strcspn(event, " \n")] = '\0';
			if (*event && !strcmp(event + 1, wanted))
				return files[i];
		}
	}
	return NULL;
}

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;
	const char *file = NULL;

	(void)target;
	if (!event && code == EINVAL)
		file = made_in(site->symbol);
	if (file)
		return fail(
			e, code,
			"'%s' was made in %s, and such events take programs of type kprobe only; make a %.6s probe where it is",
			site->symbol, file, file);
	/* perf_event_set_bpf_prog(): max_ctx_offset. */
	if (!event && code == EACCES)
		return fail(
			e, code,
			"the program reads past the fields of '%s'; see its 'format' in tracefs",
			site->symbol);
	if (event && code == ENOENT)
		return fail(e, code, "no such tracepoint '%s'", site->symbol);
	if (asprintf(&what, "tracepoint '%s'", site->symbol) < 0)
		return fail(e, ENOMEM, "no memory for a sentence");
	return refusal_explain(what, event, code, e);
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	(void)spec;
	(void)opener;
	return tracefs_list_events(out, e);
}

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_TRACEPOINT },
	{ 0 },
};

const struct kind kind_tracepoint = {
	.name = "tracepoint",
	.grammar = "GROUP:NAME[@LABEL]",
	.help = "a program that runs at a tracepoint of the kernel",
	.example = "sched:sched_process_exec",
	.fields = fields,
	.spec_size = sizeof(struct tracepoint),
	.accepts = accepts,
	.attacher = ATTACHER_EVENTS,
	.traits = KIND_COOKIE,
	.capability = CAP_PERFMON,
	.parse = parse,
	.resolve = resolve,
	.explain = explain,
	.available = available,
};
