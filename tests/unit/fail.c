// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* fail.c - errors: which numbers may leave, how sentences are made. */
#include <errno.h>

#include "fail.h"
#include "tests/unit/check.h"

static void test_clamp(void)
{
	static const struct {
		int code, clamped;
	} table[] = {
		{ 0, EIO },	{ 1, 1 },
		{ 22, EINVAL }, { 133, 133 },
		{ 511, 511 },	{ 512, EIO },
		{ 513, EIO },	{ 524, EOPNOTSUPP },
		{ 999, EIO },	{ 1000, EIO },
		{ -5, EIO },	{ -524, EIO },
	};
	char what[64];
	size_t i;

	for (EACH(table, i)) {
		snprintf(what, sizeof(what), "errno_clamp(%d)", table[i].code);
		check_number(what, table[i].clamped,
			     errno_clamp(table[i].code));
	}
}

static void test_name(void)
{
	check_text("errno_name(EINVAL)", "EINVAL", errno_name(EINVAL));
	check_text("errno_name(ENOTUNIQ)", "ENOTUNIQ", errno_name(ENOTUNIQ));
	check_text("errno_name(524)", "E?", errno_name(524));
	check_text("errno_name(-1)", "E?", errno_name(-1));
}

static void test_fail(void)
{
	struct err e = { 0 };

	check_number("fail()", -ENOENT, fail(&e, ENOENT, "no '%s'", "x"));
	check_number("fail() code", ENOENT, e.code);
	check_number("fail() pos", ERR_NO_POS, e.pos);
	check_text("fail() text", "no 'x'", e.text);
	check_number("fail_at()", -EINVAL, fail_at(&e, EINVAL, 7, "bad"));
	check_number("fail_at() pos", 7, e.pos);
	check_text("fail_at() text", "bad", e.text);
	check_number("fail(524)", -EOPNOTSUPP, fail(&e, 524, "trap"));
	check_number("fail(524) code", EOPNOTSUPP, e.code);
	check_number("fail(NULL)", -EPERM, fail(NULL, EPERM, "nobody hears"));
	fail_hint(NULL, "nor this");
}

static void test_text(void)
{
	char longest[2 * ERR_TEXT];
	struct err e = { 0 };

	fail(&e, EINVAL, "bad: '%s'", "a\nb\tc\033[0m");
	check_text("control bytes", "bad: 'a\\nb\\tc^[[0m'", e.text);
	fail(&e, EINVAL, "bad");
	fail_hint(&e, "write %d", 1);
	fail_hint(&e, "or %d", 2);
	check_text("fail_hint()", "bad; write 1; or 2", e.text);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	fail(&e, EINVAL, "%s", longest);
	check_number("longest text", ERR_TEXT - 1, strlen(e.text));
	fail_hint(&e, "more");
	check_number("longest text and a hint", ERR_TEXT - 1, strlen(e.text));
	memset(longest, '\001', sizeof(longest) - 1);
	fail(&e, EINVAL, "%s", longest);
	check_number("longest escaped text", ERR_TEXT - 1, strlen(e.text));
}

int main(void)
{
	test_clamp();
	test_name();
	test_fail();
	test_text();
	return check_end("fail");
}
