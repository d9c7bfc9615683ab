// SPDX-License-Identifier: BSD-2-Clause
/* cxx.c - a symbol of C++, whole. */
#include <string.h>

#include "array.h"
#include "usdt/demangle/private.h"

/* Numbers of a thunk, which tell how it shifts `this`. */
static void skip_offset(struct reader *r)
{
	accept(r, "n");
	read_number(r);
	expect(r, '_');
}

static void skip_call_offset(struct reader *r)
{
	char c = next(r);

	if (c != 'h' && c != 'v')
		reader_fail(r);
	skip_offset(r);
	if (c == 'v')
		skip_offset(r);
}

enum special { OF_TYPE, OF_NAME, OF_FUNCTION, OF_CALLS };

static const struct {
	const char *code, *text;
	enum special of;
	unsigned char offsets; /* call offsets before it */
	unsigned char kept; /* bytes of the code that are read again */
} specials[] = {
	{ "TV", "vtable for ", OF_TYPE, 0, 0 },
	{ "TT", "VTT for ", OF_TYPE, 0, 0 },
	{ "TI", "typeinfo for ", OF_TYPE, 0, 0 },
	{ "TS", "typeinfo name for ", OF_TYPE, 0, 0 },
	{ "Th", "non-virtual thunk to ", OF_FUNCTION, 1, 1 },
	{ "Tv", "virtual thunk to ", OF_FUNCTION, 1, 1 },
	{ "Tc", "covariant return thunk to ", OF_FUNCTION, 2, 0 },
	{ "TW", "TLS wrapper function for ", OF_NAME, 0, 0 },
	{ "TH", "TLS init function for ", OF_NAME, 0, 0 },
	{ "GTt", "transaction clone for ", OF_FUNCTION, 0, 0 },
	{ "GTn", "non-transaction clone for ", OF_FUNCTION, 0, 0 },
	{ "GV", "guard variable for ", OF_NAME, 0, 0 },
};

enum { NSPECIALS = COUNT(specials) };

static struct piece read_of(struct reader *r, enum special of)
{
	struct name_facts facts = { .arguments = false };

	if (of == OF_TYPE)
		return read_type(r);
	if (of == OF_NAME)
		return read_type_name(r, &facts);
	return r->rules->encoding(r, true);
}

static struct piece read_special(struct reader *r, size_t row)
{
	struct piece text, piece;
	size_t i;

	r->at -= specials[row].kept;
	for (i = 0; i < specials[row].offsets; i++)
		skip_call_offset(r);
	r->name_end = 0;
	piece = read_of(r, specials[row].of);
	text = piece_text(r, specials[row].text);
	if (!r->name_end)
		r->name_end = r->bare_end = piece.end - piece.start;
	r->name_start = 0;
	r->name_end += text.end - text.start;
	r->bare_end += text.end - text.start;
	return join(r, &text, "", &piece);
}

static bool names_only(const struct reader *r)
{
	char c = peek(r);

	return c == '\0' || c == 'E' || c == '.';
}

/* The text of a function; the place of its name in it is kept. */
static struct piece put_function(struct reader *r, const struct piece *returned,
				 const struct piece *name,
				 const struct piece *parameters,
				 const struct name_facts *facts)
{
	struct piece piece = piece_open(r);

	put_left(r, returned);
	if (!piece_empty(returned) && returned->middle == returned->end)
		put(r, " ");
	r->name_start = (uint32_t)r->used - piece.start;
	put_piece(r, name);
	r->name_end = (uint32_t)r->used - piece.start;
	r->bare_end = r->name_end - (uint32_t)facts->arguments_size;
	put_piece(r, parameters);
	put(r, facts->qualifiers);
	put(r, facts->reference);
	put_right(r, returned);
	piece_close(r, &piece);
	return piece;
}

static struct piece read_plain_encoding(struct reader *r, bool returns)
{
	struct name_facts facts = { .arguments = false };
	struct piece none = { .start = 0 }, returned = none, parameters = none;
	struct piece name = read_name(r, &facts);

	if (!names_only(r)) {
		if (facts.arguments && !facts.nothing_returned)
			returned = read_type(r);
		parameters = read_parameters(r);
	}
	return put_function(r, returns ? &returned : &none, &name, &parameters,
			    &facts);
}

static struct piece read_encoding(struct reader *r, bool returns)
{
	struct piece piece = { .start = 0 };
	size_t i;

	if (!reader_enter(r))
		return piece;
	for (i = 0; i < NSPECIALS; i++)
		if (specials[i].code[0] == peek(r) &&
		    accept(r, specials[i].code))
			break;
	if (i < NSPECIALS)
		piece = read_special(r, i);
	else
		piece = read_plain_encoding(r, returns);
	reader_leave(r);
	return piece;
}

static const struct rules rules = {
	.encoding = read_encoding,
	.name = read_type_name,
	.unqualified = read_unqualified,
	.arguments = read_arguments,
	.type = read_type,
	.expression = read_expression,
};

bool cxx_demangle(struct reader *r, struct piece *piece)
{
	if (!accept(r, "_Z"))
		return false;
	r->rules = &rules;
	*piece = read_clones(r, read_encoding(r, true));
	return !r->failed && r->at == r->end;
}
