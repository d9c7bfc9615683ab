// SPDX-License-Identifier: BSD-2-Clause
/* tracepoint.c - names of tracepoints, and what they resolve to here. */
#include <unistd.h>

#include "attach/kind/target.h"
#include "attach/kernel/tracefs.h"
#include "tests/unit/names.h"

#define EVENT "/sys/kernel/tracing/events/sched/sched_switch/id"

extern const struct kind kind_tracepoint;

/* clang-format off */
static const struct name names[] = {
	{"sched:sched_switch", "sched|sched_switch"},
	{"sched:sched_switch@mine", "sched|sched_switch"},
	{"9p:9p_client_req", "9p|9p_client_req"},
	{"sample-trace:foo_bar", "sample-trace|foo_bar"},
	{"sys*:sys_enter_open??", "sys*|sys_enter_open??"},
	{"^", NULL},
	{"^@mine", NULL},
	{"sched^", NULL},
	{"sched^@a", NULL},
	{"sched@a^:b", NULL},
	{"^:sched_switch", NULL},
	{"sched:^", NULL},
	{"sched:^@a", NULL},
	{"sched:a^:b", NULL},
	{"sched:sched^.switch", NULL},
	{"sched:sched^ switch", NULL},
	{"..^", NULL},
	{"^..:id", NULL},
	{"sched:sched_switch@^", NULL},
	{"sched:sched_switch@a^/b", NULL},
};

struct resolve {
	const char *group, *name;
	const char *want; /* the first site, or the errno's name */
};

static const struct resolve resolves[] = {
	{"sched", "sched_switch", "sched:sched_switch"},
	{"sched", "sched_switc?", "sched:sched_switch"},
	{"sch*d", "sched_switch", "sched:sched_switch"},
	{"sched", "none_such", "ENOENT"},
	{"none_such", "none_such", "ENOENT"},
	{"none_such*", "*", "ENOENT"},
	{"sched", NULL, "EINVAL"},
	{NULL, "sched_switch", "EINVAL"},
	{"..", "sched_switch", "EINVAL"},
	{"sched", "a/b", "EINVAL"},
	{"ftrace", "func*", "ENOENT"},
};
/* clang-format on */

static void set(void *spec, const char *name, const char *text)
{
	if (text)
		field_parse(field_find(&kind_tracepoint, name), spec, text,
			    NULL);
}

static void check_resolve(const struct resolve *resolve)
{
	void *spec = spec_make(&kind_tracepoint);
	const char *got;
	struct target target;
	struct err e = { 0 };

	set(spec, "group", resolve->group);
	set(spec, "name", resolve->name);
	target_init(&target);
	if (kind_tracepoint.resolve(spec, NULL, &target, &e))
		got = errno_name(e.code);
	else
		got = target.sites[0].event_id ? target.sites[0].symbol
					       : "no id";
	check_text(resolve->want, resolve->want, got);
	target_clear(&target);
	spec_free(&kind_tracepoint, spec);
}

int main(void)
{
	size_t i;

	for (EACH(names, i))
		check_name(&kind_tracepoint, 2, &names[i]);
	/* Without tracefs, or the right to read it, names are all. */
	if (!tracefs_setup(NULL, false, NULL) && !access(EVENT, R_OK))
		for (EACH(resolves, i))
			check_resolve(&resolves[i]);
	return check_end("tracepoint");
}
