// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* order.c - where a program is to be on a hook: its text, and what is asked. */
#include <errno.h>
#include <inttypes.h>

#include "attach/kind/order.h"
#include "scope.h"
#include "tests/unit/check.h"

enum { PIN_FD = 77 };

/* '^' is where the fault is. */
struct row {
	const char *text;
	const char *shown; /* NULL: EINVAL */
	const char *asked; /* flags, relative, revision */
};

/* clang-format off */
static const struct row rows[] = {
	{ "first", "first", "0x8 0 5" },
	{ "last", "last", "0x10 0 5" },
	{ "before 12", "before prog:12", "0x28 12 5" },
	{ "after 12", "after prog:12", "0x30 12 5" },
	{ "before prog:12", "before prog:12", "0x28 12 5" },
	{ "before link:7", "before link:7", "0x2028 7 5" },
	{ "after link:4294967295", "after link:4294967295", "0x2030 4294967295 5" },
	{ "after /bpf/link", "after /bpf/link", "0x2010 77 5" },
	{ "before /bpf/prog", "before /bpf/prog", "0x8 77 5" },
	{ "before /bpf/none", "before /bpf/none", "ENOENT" },
	{ "before /bpf/map", "before /bpf/map", "EINVAL" },
	{ "^middle", NULL, NULL },
	{ "^firstly", NULL, NULL },
	{ "^before", NULL, NULL },
	{ "before ^", NULL, NULL },
	{ "before link:^", NULL, NULL },
	{ "before link:^x", NULL, NULL },
	{ "before ^0", NULL, NULL },
	{ "after prog:^0", NULL, NULL },
	{ "after ^relative", NULL, NULL },
	{ "^ first", NULL, NULL },
};
/* clang-format on */

/* The descriptor that nobody has opened is never used. */
static int object(void *ctx, const char *text, enum bpf_object type,
		  struct err *e)
{
	static const char *const pins[] = {
		[BPF_OBJECT_PROG] = "/bpf/prog",
		[BPF_OBJECT_LINK] = "/bpf/link",
	};

	(void)ctx;
	if (!strcmp(text, "/bpf/none"))
		return fail(e, ENOENT, "no such file");
	return strcmp(text, pins[type]) ? fail(e, EINVAL, "of another type")
					: PIN_FD;
}

static void check_asked(const struct row *row, const struct order *order)
{
	struct opener opener = { .object = object };
	struct hook_target hook = { .anchor = -1 };
	struct err e = { 0 };
	char got[64];

	if (order_fill(order, 5, &opener, &hook, &e))
		snprintf(got, sizeof(got), "%s", errno_name(e.code));
	else
		snprintf(got, sizeof(got), "%#x %u %" PRIu64, hook.create.flags,
			 hook.create.order.relative,
			 (uint64_t)hook.create.order.expected_revision);
	check_text(row->text, row->asked, got);
	check_number(row->text, order->path && !e.code ? PIN_FD : -1,
		     hook.anchor);
}

static void check_row(const struct row *row)
{
	size_t place = strcspn(row->text, "^"), size;
	scoped_free char *plain = NULL, *shown = NULL;
	struct order order = { .path = strdup("/left") };
	struct err e = { 0 };
	FILE *out = open_memstream(&shown, &size);

	if (asprintf(&plain, "%.*s%s", (int)place, row->text,
		     row->text + place + !!row->text[place]) < 0)
		abort();
	if (type_order.parse(&order, plain, &e))
		fprintf(out, "%s at %d", errno_name(e.code), e.pos);
	else
		type_order.show(&order, out);
	fclose(out);
	if (row->shown) {
		check_text(row->text, row->shown, shown);
		check_asked(row, &order);
	} else {
		char want[32];

		snprintf(want, sizeof(want), "EINVAL at %d", (int)place);
		check_text(row->text, want, shown);
		check_text("as it was", "/left", order.path);
	}
	type_order.clear(&order);
}

int main(void)
{
	size_t i;

	for (EACH(rows, i))
		check_row(&rows[i]);
	return check_end("order");
}
