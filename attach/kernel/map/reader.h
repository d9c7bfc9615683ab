/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reader.h - a text that is gone through: words, numbers, strings as C has them.
 */
#ifndef ATTACH_KERNEL_MAP_READER_H
#define ATTACH_KERNEL_MAP_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

struct reader {
	const char *begin; /* of the whole, for places in it */
	const char *at;
	struct err *e;
};

size_t reader_place(const struct reader *reader);
void reader_skip(struct reader *reader); /* blanks and ends of lines */
/* Whether that is next, after blanks; it is behind us then. */
bool reader_take(struct reader *reader, const char *token);
/* The length of the word that is next: a name or a number. */
size_t reader_word(const struct reader *reader);
/* That is expected, and is not what there is. */
int reader_refuse(const struct reader *reader, const char *expected);

/* No sign; -EINVAL: there is no number; -ERANGE: it has more than 128 bits. */
int reader_digits(const char *at, const char *end, unsigned __int128 *number);

/* One character as in a string of C, behind which we are then. */
int reader_take_char(struct reader *reader, unsigned char *c);

/* The number of an element: less than end. */
int reader_take_index(struct reader *reader, uint64_t end, uint32_t *index);

/*
 * In quotes, or else up to the end or the first blank or character of `ends`
 * (NULL: only the end); with zeros behind it, where there is room.
 */
int reader_take_string(struct reader *reader, const char *ends, uint8_t *data,
		       size_t size);

#endif
