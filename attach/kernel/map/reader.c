// SPDX-License-Identifier: BSD-2-Clause
/* reader.c - words, numbers and strings, one after the other. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "attach/kernel/map/reader.h"

#define BLANKS " \t\r\n"

enum { OCTAL = 8, DECIMAL = 10, HEXADECIMAL = 16, SHOWN = 64 };

size_t reader_place(const struct reader *reader)
{
	return (size_t)(reader->at - reader->begin);
}

void reader_skip(struct reader *reader)
{
	reader->at += strspn(reader->at, BLANKS);
}

bool reader_take(struct reader *reader, const char *token)
{
	size_t length = strlen(token);

	reader_skip(reader);
	if (strncmp(reader->at, token, length) != 0)
		return false;
	reader->at += length;
	return true;
}

size_t reader_word(const struct reader *reader)
{
	const char *at = reader->at;

	while (isalnum((unsigned char)*at) || (*at && strchr("_.+-$", *at)))
		at++;
	return (size_t)(at - reader->at);
}

int reader_refuse(const struct reader *reader, const char *expected)
{
	size_t length = reader_word(reader);

	if (!*reader->at)
		return fail_at(reader->e, EINVAL, reader_place(reader),
			       "the text ends where %s is expected", expected);
	if (!length)
		length = 1;
	return fail_at(reader->e, EINVAL, reader_place(reader),
		       "%s is expected, not '%.*s'", expected,
		       (int)(length < SHOWN ? length : SHOWN), reader->at);
}

/* Digits */

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + DECIMAL;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + DECIMAL;
	return HEXADECIMAL;
}

static unsigned int base_of(const char **at, const char *end)
{
	const char *text = *at;

	if (end - text < 2 || text[0] != '0')
		return DECIMAL;
	*at += 2;
	if (text[1] == 'x' || text[1] == 'X')
		return HEXADECIMAL;
	if (text[1] == 'b' || text[1] == 'B')
		return 2;
	*at -= 1;
	return OCTAL;
}

/* -EINVAL: the word is no number; -ERANGE: it has more than 128 bits. */
int reader_digits(const char *at, const char *end, unsigned __int128 *number)
{
	unsigned int base = base_of(&at, end);
	bool over = false;
	int digit;

	if (at >= end)
		return -EINVAL;
	for (*number = 0; at < end; at++) {
		digit = digit_of(*at);
		if (digit >= (int)base)
			return -EINVAL;
		over |= *number >
			(~(unsigned __int128)0 - (unsigned int)digit) / base;
		*number = *number * base + (unsigned int)digit;
	}
	return over ? -ERANGE : 0;
}

/* Characters */

static int hexadecimal_take(struct reader *reader, unsigned char *c)
{
	int count, digit, value = 0;

	for (count = 0; count < 2; count++, reader->at++) {
		digit = digit_of(*reader->at);
		if (digit == HEXADECIMAL)
			break;
		value = value * HEXADECIMAL + digit;
	}
	*c = (unsigned char)value;
	return count ? 0 : reader_refuse(reader, "a hexadecimal digit");
}

static int octal_take(struct reader *reader, unsigned char *c)
{
	int count, value = 0;

	for (count = 0; count < 3; count++, reader->at++) {
		if (*reader->at < '0' || *reader->at > '7')
			break;
		value = value * OCTAL + (*reader->at - '0');
	}
	*c = (unsigned char)value;
	if (!count)
		return reader_refuse(reader,
				     "one of n t r a b f v x 0 \\ \" '");
	return value <= UINT8_MAX
		       ? 0
		       : fail_at(reader->e, ERANGE, reader_place(reader),
				 "a character has at most the number \\377");
}

/* One character of a string, behind which we are then. */
int reader_take_char(struct reader *reader, unsigned char *c)
{
	static const char names[] = "abtnvfr\\\"'",
			  named[] = "\a\b\t\n\v\f\r\\\"'";
	const char *found;

	*c = (unsigned char)*reader->at++;
	if (*c != '\\')
		return 0;
	found = *reader->at ? strchr(names, *reader->at) : NULL;
	if (found) {
		*c = (unsigned char)named[found - names];
		reader->at++;
		return 0;
	}
	if (*reader->at == 'x') {
		reader->at++;
		return hexadecimal_take(reader, c);
	}
	return octal_take(reader, c);
}

int reader_take_index(struct reader *reader, uint64_t end, uint32_t *index)
{
	unsigned __int128 number;
	size_t length;

	reader_skip(reader);
	length = reader_word(reader);
	/* "0...9" is three words. */
	if (length > strspn(reader->at, "0123456789abcdefABCDEFxX"))
		length = strspn(reader->at, "0123456789abcdefABCDEFxX");
	if (reader_digits(reader->at, reader->at + length, &number) == -EINVAL)
		return reader_refuse(reader, "the number of an element");
	if (number >= end)
		return fail_at(reader->e, ERANGE, reader_place(reader),
			       "element %.*s is behind the last of %llu",
			       (int)length, reader->at,
			       (unsigned long long)end);
	*index = (uint32_t)number;
	reader->at += length;
	return 0;
}

static int refuse_long(const struct reader *reader, size_t size)
{
	return fail_at(reader->e, ERANGE, reader_place(reader),
		       "the string is longer than its %zu bytes", size);
}

static int quoted_take(struct reader *reader, uint8_t *data, size_t size)
{
	struct reader at = *reader;
	size_t used = 0;
	unsigned char c;
	int err;

	for (at.at++; *at.at != '"';) {
		if (!*at.at)
			return reader_refuse(&at,
					     "the quote behind the string");
		err = reader_take_char(&at, &c);
		if (err)
			return err;
		if (used == size)
			return refuse_long(reader, size);
		data[used++] = c;
	}
	memset(data + used, 0, size - used);
	reader->at = at.at + 1;
	return 0;
}

int reader_take_string(struct reader *reader, const char *ends, uint8_t *data,
		       size_t size)
{
	size_t length, used;

	reader_skip(reader);
	if (*reader->at == '"')
		return quoted_take(reader, data, size);
	length = strlen(reader->at);
	for (used = 0; used < length && ends; used++)
		if (strchr(BLANKS, reader->at[used]) ||
		    strchr(ends, reader->at[used]))
			break;
	if (ends)
		length = used;
	while (length && strchr(BLANKS, reader->at[length - 1]))
		length--;
	if (length > size)
		return refuse_long(reader, size);
	memcpy(data, reader->at, length);
	memset(data + length, 0, size - length);
	reader->at += length;
	return 0;
}
