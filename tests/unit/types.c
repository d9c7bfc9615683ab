// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* types.c - the text forms of numbers, flags and strings, and what is refused. */
#include <errno.h>

#include "attach/kind/kind.h"
#include "tests/unit/check.h"

union value {
	uint64_t u64;
	uint32_t u32;
	int32_t s32;
	pid_t pid;
	bool flag;
	char *string;
};

struct good {
	const struct type *type;
	const char *text, *shown;
};

static const struct good good[] = {
	{ &type_u64, "0", "0" },
	{ &type_u64, "42", "42" },
	{ &type_u64, "0x2a", "42" },
	{ &type_u64, "0X2A", "42" },
	{ &type_u64, "0x0000000000000000000001", "1" },
	{ &type_u64, "18446744073709551615", "18446744073709551615" },
	{ &type_u64, "0xffffffffffffffff", "18446744073709551615" },
	{ &type_u32, "4294967295", "4294967295" },
	{ &type_u32, "0xffffffff", "4294967295" },
	{ &type_s32, "-2147483648", "-2147483648" },
	{ &type_s32, "2147483647", "2147483647" },
	{ &type_s32, "+5", "5" },
	{ &type_s32, "-0x10", "-16" },
	{ &type_s32, "-0", "0" },
	{ &type_pid, "0", "0" },
	{ &type_pid, "2147483647", "2147483647" },
	{ &type_flag, "0", "0" },
	{ &type_flag, "1", "1" },
	{ &type_string, "", "" },
	{ &type_string, "a b", "a b" },
};

/* A '^' below the place at fault is a number here: the input has no room. */
struct bad {
	const struct type *type;
	const char *text;
	int code, pos;
};

static const struct bad bad[] = {
	{ &type_u64, "", EINVAL, 0 },
	{ &type_u64, "x", EINVAL, 0 },
	{ &type_u64, "a", EINVAL, 0 },
	{ &type_u64, "12x", EINVAL, 2 },
	{ &type_u64, "1 2", EINVAL, 1 },
	{ &type_u64, "0x", EINVAL, 0 },
	{ &type_u64, "0xg", EINVAL, 0 },
	{ &type_u64, "0x1g", EINVAL, 3 },
	{ &type_u64, "0x0x1", EINVAL, 3 },
	{ &type_u64, "-1", EINVAL, 0 },
	{ &type_u64, "+1", EINVAL, 0 },
	{ &type_u64, " 1", EINVAL, 0 },
	{ &type_s32, "2147483648", ERANGE, 0 },
	{ &type_s32, "-2147483649", ERANGE, 0 },
	{ &type_s32, "--1", EINVAL, 1 },
	{ &type_s32, "-1x", EINVAL, 2 },
	{ &type_s32, "-", EINVAL, 1 },
	{ &type_u64, "0x-1", EINVAL, 0 },
	{ &type_u64, "0x 1", EINVAL, 0 },
	{ &type_u64, "010", EINVAL, 0 },
	{ &type_u64, "00", EINVAL, 0 },
	{ &type_u64, "18446744073709551616", ERANGE, 0 },
	{ &type_u64, "0x10000000000000000", ERANGE, 0 },
	{ &type_u64, "99999999999999999999999", ERANGE, 0 },
	{ &type_u32, "4294967296", ERANGE, 0 },
	{ &type_pid, "2147483648", ERANGE, 0 },
	{ &type_pid, "self", EINVAL, 0 },
	{ &type_flag, "", EINVAL, 0 },
	{ &type_flag, "2", EINVAL, 0 },
	{ &type_flag, "10", EINVAL, 0 },
	{ &type_flag, "true", EINVAL, 0 },
};

static void check_shown(const char *what, const struct type *type,
			const void *value, const char *want)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	type->show(value, out);
	fclose(out);
	check_text(what, want, text);
	free(text);
}

/* What is shown is what was meant, and is itself accepted. */
static void test_good(const struct good *g)
{
	union value value = { 0 }, again = { 0 };
	struct err e;

	check_number(g->text, 0, g->type->parse(&value, g->text, &e));
	check_shown(g->text, g->type, &value, g->shown);
	check_number(g->shown, 0, g->type->parse(&again, g->shown, &e));
	check_shown(g->shown, g->type, &again, g->shown);
	g->type->clear(&value);
	g->type->clear(&again);
}

static void test_bad(const struct bad *b)
{
	union value value, before;
	struct err e = { 0 };

	memset(&value, 0, sizeof(value));
	value.u32 = 1;
	before = value;
	check_number(b->text, -b->code, b->type->parse(&value, b->text, &e));
	check_number(b->text, b->code, e.code);
	check_number(b->text, b->pos, e.pos);
	check_holds(b->text, b->text, e.text);
	check_true("the value is as it was",
		   !memcmp(&value, &before, sizeof(value)));
}

static void test_string(void)
{
	char *value = NULL;

	check_shown("unset", &type_string, &value, "");
	type_string.parse(&value, "one", NULL);
	type_string.parse(&value, "two", NULL);
	check_shown("set again", &type_string, &value, "two");
	type_string.clear(&value);
	check_true("cleared", !value);
}

int main(void)
{
	size_t i;

	for (EACH(good, i))
		test_good(&good[i]);
	for (EACH(bad, i))
		test_bad(&bad[i]);
	test_string();
	return check_end("types");
}
