/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pattern.h - names that stand for several.
 *
 * '*' is any bytes and '?' is any one; all others are themselves, brackets too,
 * since plain names of C++ and Go hold them.
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stdint.h>

bool pattern_is(const char *text); /* it has one of them */

bool pattern_match(const char *pattern, const char *text);

/*
 * The same within *steps comparisons, which those that were made are taken
 * from: 0 are left when they did not suffice, and the result is then false.  A
 * pattern and a text of odd repetitions can need the product of their lengths.
 */
bool pattern_match_within(const char *pattern, const char *text,
			  uint64_t *steps);

#endif
