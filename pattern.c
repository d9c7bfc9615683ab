// SPDX-License-Identifier: BSD-2-Clause
/* pattern.c - names that stand for several. */
#include <string.h>

#include "pattern.h"

bool pattern_is(const char *text)
{
	return strpbrk(text, "*?") != NULL;
}

/*
 * What a '*' stands for is made longer byte by byte until the rest fits; with
 * the next '*' it is settled, so that nothing before is tried again.
 */
bool pattern_match_within(const char *pattern, const char *text,
			  uint64_t *steps)
{
	const char *star = NULL, *resume = NULL;

	for (; *text; --*steps) {
		if (!*steps)
			return false;
		if (*pattern == '*') {
			star = ++pattern;
			resume = text;
		} else if (*pattern == *text || *pattern == '?') {
			pattern++;
			text++;
		} else if (star) {
			pattern = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

bool pattern_match(const char *pattern, const char *text)
{
	uint64_t steps = UINT64_MAX;

	return pattern_match_within(pattern, text, &steps);
}
