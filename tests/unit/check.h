/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * check.h - what a unit test compares and counts.
 *
 * A comparison that fails says so on stdout and lets the test go on; the last
 * statement of main() is "return check_end(NOUN)".
 */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

/* for (EACH(array, i)) */
#define EACH(array, i)      \
	(i) = 0;            \
	(i) < COUNT(array); \
	(i)++

static int cases, failures;

static inline void check_text(const char *what, const char *want,
			      const char *got)
{
	cases++;
	if (!strcmp(want, got))
		return;
	failures++;
	printf("%s:\nexpected: '%s'\ngot:      '%s'\n", what, want, got);
}

static inline void check_number(const char *what, int64_t want, int64_t got)
{
	cases++;
	if (want == got)
		return;
	failures++;
	printf("%s: expected %" PRId64 ", got %" PRId64 "\n", what, want, got);
}

static inline void check_holds(const char *what, const char *part,
			       const char *got)
{
	cases++;
	if (strstr(got, part))
		return;
	failures++;
	printf("%s:\nexpected: '%s' in it\ngot:      '%s'\n", what, part, got);
}

static inline void check_true(const char *what, bool got)
{
	check_text(what, "true", got ? "true" : "false");
}

/* Without what the test needs, be it a right or a feature of the kernel. */
static inline void check_skip(const char *what, const char *why)
{
	printf("skip %s: %s\n", what, why);
}

/* The exit status. */
static inline int check_end(const char *noun)
{
	if (failures) {
		printf("not ok %s: %d of %d cases\n", noun, failures, cases);
		return EXIT_FAILURE;
	}
	printf("ok %s: %d cases\n", noun, cases);
	return EXIT_SUCCESS;
}

#endif
