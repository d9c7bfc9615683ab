// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* pattern.c - names that stand for several. */
#include "attach/kind/target.h"
#include "attach/kind/uprobe/uprobe.h"
#include "pattern.h"
#include "tests/unit/plain_opener.h"
#include "tests/unit/sample.h"

extern const struct kind kind_uprobe;

static const struct {
	const char *pattern, *text;
	bool matches;
} rows[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "a", "", false },
	{ "abc", "abc", true },
	{ "abc", "abcd", false },
	{ "abcd", "abc", false },
	{ "?", "", false },
	{ "?", "a", true },
	{ "a?c", "abc", true },
	{ "a?c", "ac", false },
	{ "*", "", true },
	{ "*", "abc", true },
	{ "**", "", true },
	{ "a*", "a", true },
	{ "a*", "abc", true },
	{ "a*", "ba", false },
	{ "*c", "abc", true },
	{ "*c", "abcd", false },
	{ "*?", "", false },
	{ "*?", "a", true },
	{ "a*b*c", "a1b2b3c", true },
	{ "a*b*c", "a1c2b", false },
	{ "*aab", "aaaab", true },
	{ "*a?c*", "abcabd", true },
	{ "*ab*ab", "ab", false },
	{ "*ab*ab", "abab", true },
	{ "[ab]", "a", false },
	{ "[ab]", "[ab]", true },
	{ "\\*", "*", false },
	{ "\\*", "\\x", true },
};

static void test_steps(void)
{
	uint64_t steps = 3;

	check_number("within its steps", true,
		     pattern_match_within("abc", "abc", &steps));
	check_number("none are left", 0, (int64_t)steps);
	steps = 2;
	check_number("beyond its steps", false,
		     pattern_match_within("abc", "abc", &steps));
	check_number("which shows", 0, (int64_t)steps);
	steps = 100;
	check_number("steps are counted", false,
		     pattern_match_within("*aab", "aaaaaa", &steps));
	check_number("by those that were made", 100 - 15, (int64_t)steps);
}

/* Names and a pattern of which each place is worth a long look. */
static void test_hostile(void)
{
	char pattern[2048];
	struct uprobe u = { .path = strdup(at("odd.so")), .symbol = pattern };
	struct target target;
	struct err e = { .code = 0 };

	run("a=$(head -c 60000 /dev/zero | tr '\\0' a); for i in $(seq 20); do"
	    " echo \"int f$i(void) __asm__(\\\"f$i$a\\\");\""
	    " \"int f$i(void) { return $i; }\"; done |"
	    " ${CC:-cc} -x c -shared -o %s -",
	    u.path);
	memset(pattern, 'a', sizeof(pattern));
	pattern[0] = '*';
	memcpy(pattern + sizeof(pattern) - 2, "b", 2);
	target_init(&target);
	check_number("a pattern of many steps", -EFBIG,
		     kind_uprobe.resolve(&u, &plain_opener, &target, &e));
	check_holds("its sentence", "write one with fewer wildcards", e.text);
	target_clear(&target);
	target_init(&target);
	strcpy(pattern, "*aaa*aaa");
	check_number("a pattern of few", 0,
		     kind_uprobe.resolve(&u, &plain_opener, &target, NULL));
	check_number("has its functions", 20, (int64_t)target.nsites);
	target_clear(&target);
	free(u.path);
}

int main(void)
{
	size_t i;

	for (EACH(rows, i))
		check_number(rows[i].pattern, rows[i].matches,
			     pattern_match(rows[i].pattern, rows[i].text));
	check_number("a '*' is one", true, pattern_is("a*"));
	check_number("a '?' is one", true, pattern_is("?a"));
	check_number("'[' is none", false, pattern_is("[a]"));
	test_steps();
	sample_make();
	test_hostile();
	sample_end();
	return check_end("patterns");
}
