// SPDX-License-Identifier: BSD-2-Clause
/* fail.c - errors: which numbers may leave, how sentences are made. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fail.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int failed, cases;

static void same(const char *what, const char *expected, const char *got)
{
	cases++;
	if (!strcmp(expected, got))
		return;
	failed = 1;
	printf("%s: expected \"%s\", got \"%s\"\n", what, expected, got);
}

static void same_int(const char *what, int expected, int got)
{
	cases++;
	if (expected == got)
		return;
	failed = 1;
	printf("%s: expected %d, got %d\n", what, expected, got);
}

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

	for (size_t i = 0; i < COUNT(table); i++) {
		snprintf(what, sizeof(what), "errno_clamp(%d)", table[i].code);
		same_int(what, table[i].clamped, errno_clamp(table[i].code));
	}
}

static void test_name(void)
{
	same("errno_name(EINVAL)", "EINVAL", errno_name(EINVAL));
	same("errno_name(ENOTUNIQ)", "ENOTUNIQ", errno_name(ENOTUNIQ));
	same("errno_name(524)", "E?", errno_name(524));
	same("errno_name(-1)", "E?", errno_name(-1));
}

static void test_fail(void)
{
	struct err e = { 0 };

	same_int("fail()", -ENOENT, fail(&e, ENOENT, "no '%s'", "x"));
	same_int("fail() code", ENOENT, e.code);
	same_int("fail() pos", ERR_NO_POS, e.pos);
	same("fail() text", "no 'x'", e.text);
	same_int("fail_at()", -EINVAL, fail_at(&e, EINVAL, 7, "bad"));
	same_int("fail_at() pos", 7, e.pos);
	same("fail_at() text", "bad", e.text);
	same_int("fail(524)", -EOPNOTSUPP, fail(&e, 524, "trap"));
	same_int("fail(524) code", EOPNOTSUPP, e.code);
	same_int("fail(NULL)", -EPERM, fail(NULL, EPERM, "nobody hears"));
	fail_hint(NULL, "nor this");
}

static void test_text(void)
{
	char longest[2 * ERR_TEXT];
	struct err e = { 0 };

	fail(&e, EINVAL, "bad: '%s'", "a\nb\tc\033[0m");
	same("control bytes", "bad: 'a\\nb\\tc^[[0m'", e.text);
	fail(&e, EINVAL, "bad");
	fail_hint(&e, "write %d", 1);
	fail_hint(&e, "or %d", 2);
	same("fail_hint()", "bad; write 1; or 2", e.text);
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	fail(&e, EINVAL, "%s", longest);
	same_int("longest text", ERR_TEXT - 1, strlen(e.text));
	fail_hint(&e, "more");
	same_int("longest text and a hint", ERR_TEXT - 1, strlen(e.text));
	memset(longest, '\001', sizeof(longest) - 1);
	fail(&e, EINVAL, "%s", longest);
	same_int("longest escaped text", ERR_TEXT - 1, strlen(e.text));
}

int main(void)
{
	test_clamp();
	test_name();
	test_fail();
	test_text();
	if (!failed)
		printf("ok fail: %d cases\n", cases);
	return failed;
}
