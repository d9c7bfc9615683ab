// SPDX-License-Identifier: BSD-2-Clause
/* scalar.c - numbers of a type from text. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/map/bits.h"
#include "attach/kernel/map/draft.h"
#include "attach/kernel/map/scalar.h"

enum { BYTE = 8 };

static int quoted_char_take(struct reader *reader, unsigned __int128 *number,
			    bool is_signed)
{
	unsigned char c;
	int err;

	reader->at++;
	if (!*reader->at || *reader->at == '\'')
		return reader_refuse(reader, "a character");
	err = reader_take_char(reader, &c);
	if (err)
		return err;
	if (*reader->at != '\'')
		return reader_refuse(reader, "the quote after one character");
	reader->at++;
	*number = is_signed ? bits_extend(c, BYTE) : c;
	return 0;
}

static void draft_limits(struct draft *draft, bool is_signed, unsigned int bits)
{
	unsigned __int128 largest =
		bits_mask(~(unsigned __int128)0, bits - is_signed);

	draft_signed(draft, is_signed ? ~largest : 0);
	draft_text(draft, " to ");
	draft_unsigned(draft, largest);
	draft_char(draft, '\0');
}

static int refuse_range(const struct reader *reader, const struct shape *shape,
			unsigned int bits)
{
	struct draft draft = { .limit = ERR_TEXT };
	const char *name = shape->entry.name;
	int err;

	draft_limits(&draft, shape->is_signed, bits);
	err = fail_at(reader->e, ERANGE, reader_place(reader),
		      "'%.*s' does not fit%s%s, which is %s",
		      (int)reader_word(reader), reader->at,
		      name[0] ? " " : " there", name,
		      draft.failed ? "smaller" : draft.data);
	draft_clear(&draft);
	return err;
}

static bool fits(unsigned __int128 number, bool minus, bool is_signed,
		 unsigned int bits)
{
	unsigned __int128 largest =
		bits_mask(~(unsigned __int128)0, bits - is_signed);

	if (minus)
		return is_signed ? number <= largest + 1 : !number;
	return number <= largest;
}

static int number_take(struct reader *reader, const struct shape *shape,
		       unsigned int bits, unsigned __int128 *number)
{
	const char *at = reader->at, *end = at + reader_word(reader);
	bool minus = *at == '-';
	int err;

	err = reader_digits(at + (minus || *at == '+'), end, number);
	if (err == -EINVAL)
		return reader_refuse(reader,
				     shape->kind == SHAPE_ENUM
					     ? "a name of the enum or a number"
					     : "a number");
	if (err || !fits(*number, minus, shape->is_signed, bits))
		return refuse_range(reader, shape, bits);
	if (minus)
		*number = -*number;
	reader->at = end;
	return 0;
}

static bool is_word(const struct reader *reader, const char *word)
{
	size_t length = strlen(word);

	return length == reader_word(reader) &&
	       !strncmp(reader->at, word, length);
}

static bool enumerator_take(struct reader *reader,
			    const struct btf_index *index,
			    const struct shape *shape,
			    unsigned __int128 *number)
{
	struct enumerator enumerator;
	uint32_t i;

	for (i = 0; shape_enumerator(index, shape, i, &enumerator); i++)
		if (enumerator.name[0] && is_word(reader, enumerator.name)) {
			*number = enumerator.value;
			reader->at += strlen(enumerator.name);
			return true;
		}
	return false;
}

static bool bool_take(struct reader *reader, unsigned __int128 *number)
{
	static const char *const names[] = { "false", "true" };

	for (*number = 0; *number < 2; ++*number)
		if (is_word(reader, names[*number])) {
			reader->at += strlen(names[*number]);
			return true;
		}
	return false;
}

static int float_take(struct reader *reader, size_t size,
		      unsigned __int128 *number)
{
	uint8_t bytes[sizeof(*number)] = { 0 };
	long double value;
	double wide;
	float narrow;
	char *end;

	errno = 0;
	value = size == sizeof(narrow) ? strtof(reader->at, &end)
		: size == sizeof(wide) ? strtod(reader->at, &end)
				       : strtold(reader->at, &end);
	if (end == reader->at || isblank((unsigned char)*reader->at))
		return reader_refuse(reader, "a number");
	if (errno == ERANGE && (value > 1 || value < -1))
		return fail_at(reader->e, ERANGE, reader_place(reader),
			       "'%.*s' is too large", (int)reader_word(reader),
			       reader->at);
	narrow = (float)value;
	wide = (double)value;
	memcpy(bytes,
	       size == sizeof(narrow) ? (void *)&narrow
	       : size == sizeof(wide) ? (void *)&wide
				      : (void *)&value,
	       size);
	*number = bits_get(bytes, 0, (unsigned int)size * BYTE);
	reader->at = end;
	return 0;
}

static bool is_known_float(const struct shape *shape)
{
	return shape->kind == SHAPE_FLOAT &&
	       (shape->size == sizeof(float) || shape->size == sizeof(double) ||
		shape->size == sizeof(long double));
}

int scalar_take(struct reader *reader, const struct btf_index *index,
		const struct shape *shape, unsigned int bits,
		unsigned __int128 *number)
{
	const char *from;
	int err;

	reader_skip(reader);
	from = reader->at;
	if (shape->kind == SHAPE_ENUM &&
	    enumerator_take(reader, index, shape, number))
		return 0;
	if (shape->kind == SHAPE_BOOL && bool_take(reader, number))
		return 0;
	if (is_known_float(shape) && bits == shape->size * BYTE)
		return float_take(reader, shape->size, number);
	if (*from != '\'')
		return number_take(reader, shape,
				   shape->kind == SHAPE_BOOL ? 1 : bits,
				   number);
	err = quoted_char_take(reader, number, shape->is_signed);
	if (!err && bits < BYTE &&
	    !fits(*number, false, shape->is_signed, bits)) {
		reader->at = from;
		return refuse_range(reader, shape, bits);
	}
	return err;
}
