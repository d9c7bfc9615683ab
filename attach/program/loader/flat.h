/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flat.h - numbers and texts one behind the other, without pointers: what goes
 * from one process to another.
 *
 * Who takes them apart may not trust who put them together: nothing is taken
 * from behind the end, and after the first fault everything is 0 and "".
 */
#ifndef ATTACH_PROGRAM_LOADER_FLAT_H
#define ATTACH_PROGRAM_LOADER_FLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct flat {
	const char *at;
	size_t left;
	bool bad;
};

void flat_put(FILE *out, uint32_t number);
void flat_put_wide(FILE *out, uint64_t number);
void flat_put_text(FILE *out, const char *text);

uint32_t flat_take(struct flat *in);
uint64_t flat_take_wide(struct flat *in);
bool flat_take_bool(struct flat *in);

/* Of less than limit bytes, and none of them NUL: the caller's, or NULL. */
char *flat_take_text(struct flat *in, size_t limit);

/* A number of things of at least each bytes, so that they can be there. */
size_t flat_take_count(struct flat *in, size_t limit, size_t each);

/* All was taken, and nothing was bad. */
bool flat_done(const struct flat *in);

#endif
