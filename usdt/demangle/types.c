// SPDX-License-Identifier: BSD-2-Clause
/* types.c - the types of C++. */
#include "array.h"
#include "usdt/demangle/private.h"

static const struct {
	char code;
	const char *declarator;
} declarators[] = {
	{ 'P', "*" },	      { 'R', "&" },	      { 'O', "&&" },
	{ 'C', " _Complex" }, { 'G', " _Imaginary" },
};

static const char *find_declarator(char code)
{
	size_t i;

	for (i = 0; i < COUNT(declarators); i++)
		if (declarators[i].code == code)
			return declarators[i].declarator;
	return NULL;
}

static struct piece with_arguments(struct reader *r, const struct piece *piece)
{
	struct piece arguments = read_arguments(r, false);

	return append(r, piece, &arguments);
}

static struct piece read_decltype(struct reader *r)
{
	struct piece piece, inner = r->rules->expression(r);

	expect(r, 'E');
	piece = piece_open(r);
	put(r, "decltype (");
	put_piece(r, &inner);
	put(r, ")");
	piece_close(r, &piece);
	piece.depends = inner.depends;
	return piece;
}

/* float __vector(4) */
static struct piece read_vector(struct reader *r)
{
	size_t count = read_number(r);
	struct piece piece, element;

	expect(r, '_');
	element = read_type(r);
	piece = piece_open(r);
	put_piece(r, &element);
	put(r, " __vector(");
	put_number(r, count);
	put(r, ")");
	piece_close(r, &piece);
	return piece;
}

static struct piece read_wide(struct reader *r, bool *substitutable)
{
	const char *word;

	if (accept(r, "Dp"))
		return read_expansion(r, read_type);
	if (accept(r, "DT") || accept(r, "Dt"))
		return read_decltype(r);
	if (accept(r, "Dv"))
		return read_vector(r);
	if (accept(r, "Do"))
		return read_function(r, " noexcept");
	*substitutable = false;
	if (accept(r, "DF16_"))
		return piece_text(r, "_Float16");
	expect(r, 'D');
	word = cxx_wide_builtin_find(next(r));
	if (!word)
		reader_fail(r);
	return piece_text(r, word ? word : "");
}

static struct piece read_member_pointer(struct reader *r)
{
	struct piece class, member;

	expect(r, 'M');
	class = read_type(r);
	member = read_type(r);
	return declare(r, &member, &class, "::*");
}

static struct piece read_qualified(struct reader *r)
{
	const char *qualifiers = read_qualifiers(r);
	struct piece inner;

	/* Those of a function are part of its type. */
	inner = peek(r) == 'F' ? read_function(r, "") : read_type(r);
	return qualify(r, &inner, qualifiers);
}

/* T_, or a template that is one. */
static struct piece read_parameter_type(struct reader *r)
{
	const char *from = r->at;
	struct piece piece = read_parameter(r);

	/* Behind a conversion they are its own. */
	if (peek(r) != 'I' || r->converting)
		return piece;
	substitution_add(r, &piece, from);
	return with_arguments(r, &piece);
}

static struct piece read_substituted(struct reader *r, bool *substitutable)
{
	struct piece piece = read_substitution(r, false);

	if (peek(r) == 'I')
		return with_arguments(r, &piece);
	*substitutable = false;
	return piece;
}

/* What a vendor adds to a type stands behind it. */
static struct piece read_vendor(struct reader *r)
{
	struct piece word, type;

	expect(r, 'U');
	word = read_source_name(r);
	type = read_type(r);
	return join(r, &type, " ", &word);
}

static struct piece read_class(struct reader *r)
{
	struct name_facts facts = { .arguments = false };

	return r->rules->name(r, &facts);
}

static struct piece read_plain_type(struct reader *r, bool *substitutable)
{
	char c = peek(r);
	const char *word = cxx_builtin_find(c);

	if (word && c != 'r') {
		*substitutable = false;
		next(r);
		return piece_text(r, word);
	}
	switch (c) {
	case 'D':
		return read_wide(r, substitutable);
	case 'F':
		return read_function(r, "");
	case 'A':
		return read_array(r);
	case 'M':
		return read_member_pointer(r);
	case 'T':
		return read_parameter_type(r);
	case 'U':
		return read_vendor(r);
	case 'u':
		next(r);
		return read_source_name(r);
	case 'S':
		if (peek_at(r, 1) != 't')
			return read_substituted(r, substitutable);
		return read_class(r);
	default:
		return read_class(r);
	}
}

struct piece read_type(struct reader *r)
{
	const char *declarator = find_declarator(peek(r));
	struct piece piece = { .start = 0 };
	const char *from = r->at;
	bool substitutable = true;
	char c = peek(r);

	if (!reader_enter(r))
		return piece;
	if (declarator) {
		next(r);
		piece = read_type(r);
		piece = declare(r, &piece, NULL, declarator);
	} else if (c == 'r' || c == 'V' || c == 'K') {
		piece = read_qualified(r);
	} else {
		piece = read_plain_type(r, &substitutable);
	}
	if (substitutable)
		substitution_add(r, &piece, from);
	reader_leave(r);
	return piece;
}
