// SPDX-License-Identifier: BSD-2-Clause
/* tracepoint.c - names of tracepoints, and what they resolve to here. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind.h"
#include "attach/target.h"
#include "attach/tracefs.h"
#include "scope.h"

#define EVENT "/sys/kernel/tracing/events/sched/sched_switch/id"

extern const struct kind kind_tracepoint;

/* '^' is where the fault is, and no part of the name. */
struct name {
	const char *text;
	const char *want; /* GROUP NAME; NULL: EINVAL */
};

/* clang-format off */
static const struct name names[] = {
	{"sched:sched_switch", "sched sched_switch"},
	{"sched:sched_switch@mine", "sched sched_switch"},
	{"9p:9p_client_req", "9p 9p_client_req"},
	{"sample-trace:foo_bar", "sample-trace foo_bar"},
	{"sys*:sys_enter_open??", "sys* sys_enter_open??"},
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

static int failures, cases;

static void check(const char *what, const char *want, const char *got)
{
	cases++;
	if (!strcmp(want, got))
		return;
	failures++;
	fprintf(stderr, "tracepoint: %s: expected '%s', got '%s'\n", what, want,
		got);
}

static void check_position(const char *text, const char *plain,
			   const struct err *e)
{
	char got[64], want[64];
	size_t place = strcspn(text, "^");

	snprintf(want, sizeof(want), "EINVAL at %zu",
		 text[place] ? place : (size_t)-1);
	snprintf(got, sizeof(got), "%s at %d", errno_name(e->code), e->pos);
	check(plain, want, got);
}

static void check_name(const struct name *name)
{
	const struct kind *kind = &kind_tracepoint;
	size_t place = strcspn(name->text, "^");
	scoped_free char *got = NULL, *plain = NULL;
	void *spec = spec_make(kind);
	struct err e = {0};
	size_t size;
	FILE *out;

	if (asprintf(&plain, "%.*s%s", (int)place, name->text,
		     name->text + place + !!name->text[place]) < 0)
		abort();
	if (kind->parse(plain, spec, &e)) {
		check_position(name->text, plain, &e);
	} else {
		out = open_memstream(&got, &size);
		field_show(&kind->fields[0], spec, out);
		fputc(' ', out);
		field_show(&kind->fields[1], spec, out);
		fclose(out);
		check(plain, name->want ? name->want : "EINVAL", got);
	}
	spec_free(kind, spec);
}

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
	struct err e = {0};

	set(spec, "group", resolve->group);
	set(spec, "name", resolve->name);
	target_init(&target, PLACE_TRACEPOINT);
	if (kind_tracepoint.resolve(spec, NULL, &target, &e))
		got = errno_name(e.code);
	else
		got = target.sites[0].event_id ? target.sites[0].symbol
					       : "no id";
	check(resolve->want, resolve->want, got);
	target_clear(&target);
	spec_free(&kind_tracepoint, spec);
}

int main(void)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check_name(&names[i]);
	/* Without tracefs, or the right to read it, names are all. */
	if (!tracefs_setup(NULL, false, NULL) && !access(EVENT, R_OK))
		for (i = 0; i < sizeof(resolves) / sizeof(resolves[0]); i++)
			check_resolve(&resolves[i]);
	if (failures)
		return EXIT_FAILURE;
	printf("ok tracepoint: %d cases\n", cases);
	return EXIT_SUCCESS;
}
