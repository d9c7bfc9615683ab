// SPDX-License-Identifier: BSD-2-Clause
/*
 * expressions.c - expressions in the names of C++.
 *
 * They stand in template arguments and in decltype.  As nm -C does, operands
 * are put in parentheses unless they are names.
 */
#include <string.h>

#include "array.h"
#include "usdt/demangle/private.h"

static void put_operand(struct reader *r, const struct piece *operand)
{
	bool bare = operand->kind == PIECE_SIMPLE;

	put(r, bare ? "" : "(");
	put_piece(r, operand);
	put(r, bare ? "" : ")");
}

static struct piece simple(struct piece piece)
{
	piece.kind = PIECE_SIMPLE;
	return piece;
}

static struct piece read_plain_name(struct reader *r)
{
	struct name_facts facts = { .arguments = false };
	struct piece piece = read_unqualified(r, &facts), arguments;

	if (peek(r) == 'I') {
		arguments = read_arguments(r, false);
		return append(r, &piece, &arguments);
	}
	return simple(piece);
}

/* Names in names, then an E and the name meant: 3foo3barIiEE3baz. */
static bool read_levels(struct reader *r, struct piece *piece)
{
	struct piece level;

	while (!r->failed && peek(r) >= '0' && peek(r) <= '9') {
		level = read_plain_name(r);
		*piece = piece_empty(piece) ? level
					    : join(r, piece, "::", &level);
	}
	if (!accept(r, "E"))
		return false;
	level = read_plain_name(r);
	*piece = join(r, piece, "::", &level);
	piece->kind = level.kind;
	return true;
}

/* What a type, or a name in names, has under a name. */
static struct piece read_scoped(struct reader *r)
{
	size_t substitutions = r->nsubstitutions;
	const char *from = r->at;
	struct piece piece = piece_open(r), name;

	if (peek(r) == 'N' && (peek_at(r, 1) == 'T' || peek_at(r, 1) == 'D')) {
		next(r);
		piece = r->rules->type(r);
		if (!read_levels(r, &piece))
			reader_fail(r);
		return piece;
	}
	if (peek(r) >= '0' && peek(r) <= '9' && read_levels(r, &piece))
		return piece;
	/* Older compilers write a type, to which S_ may refer. */
	r->nsubstitutions = substitutions;
	r->at = r->failed ? r->end : from;
	piece = r->rules->type(r);
	name = read_plain_name(r);
	piece = join(r, &piece, "::", &name);
	piece.kind = name.kind;
	return piece;
}

/* How many arguments there are. */
static struct piece read_count(struct reader *r)
{
	bool expanding = r->expanding;
	size_t elements = r->elements, element = r->element;
	struct piece piece;

	r->expanding = true;
	r->elements = SIZE_MAX;
	r->element = 0;
	read_expression(r);
	piece = piece_open(r);
	put_number(r, r->elements == SIZE_MAX ? 1 : r->elements);
	piece_close(r, &piece);
	piece.depends = DEPENDS_PARAMETERS;
	r->expanding = expanding;
	r->elements = elements;
	r->element = element;
	return piece;
}

/* fp_, fpT, fL0p_ */
static struct piece read_function_parameter(struct reader *r)
{
	struct piece piece;
	size_t index;

	if (accept(r, "T"))
		return simple(piece_text(r, "this"));
	read_qualifiers(r);
	index = read_index(r, 10);
	piece = piece_open(r);
	put(r, "{parm#");
	put_number(r, index + 1);
	put(r, "}");
	piece_close(r, &piece);
	return simple(piece);
}

/* Expressions up to an E: "a, b". */
static struct piece read_list(struct reader *r)
{
	size_t first = r->npieces;
	struct piece piece;
	unsigned int depends = 0;

	while (!r->failed && !accept(r, "E")) {
		piece = read_expression(r);
		depends |= piece.depends;
		push(r, &piece);
	}
	piece = piece_open(r);
	put_list(r, first);
	piece_close(r, &piece);
	piece.depends = depends;
	r->npieces = first;
	return piece;
}

static struct piece wrap(struct reader *r, const struct piece *before,
			 const char *open, const struct piece *inner,
			 const char *close)
{
	struct piece piece = piece_open(r);

	if (before)
		put_piece(r, before);
	put(r, open);
	put_piece(r, inner);
	put(r, close);
	piece_close(r, &piece);
	piece.depends = inner->depends | (before ? before->depends : 0);
	return piece;
}

static struct piece read_call(struct reader *r)
{
	struct piece called = read_expression(r), list = read_list(r), piece;

	piece = piece_open(r);
	put_operand(r, &called);
	put(r, "(");
	put_piece(r, &list);
	put(r, ")");
	piece_close(r, &piece);
	piece.depends = called.depends | list.depends;
	return piece;
}

static struct piece read_cast(struct reader *r)
{
	struct piece type = r->rules->type(r), value, piece;

	value = accept(r, "_") ? read_list(r) : read_expression(r);
	piece = piece_open(r);
	put(r, "(");
	put_piece(r, &type);
	put(r, ")");
	put_operand(r, &value);
	piece_close(r, &piece);
	piece.depends = type.depends | value.depends;
	return piece;
}

static struct piece read_braces(struct reader *r)
{
	struct piece list = read_list(r);

	return simple(wrap(r, NULL, "{", &list, "}"));
}

static struct piece read_typed_braces(struct reader *r)
{
	struct piece type = r->rules->type(r), list = read_list(r);

	return simple(wrap(r, &type, "{", &list, "}"));
}

static struct piece read_size_of_type(struct reader *r)
{
	struct piece type = r->rules->type(r);

	return wrap(r, NULL, "sizeof (", &type, ")");
}

static struct piece read_noexcept(struct reader *r)
{
	struct piece inner = read_expression(r);

	return wrap(r, NULL, "noexcept(", &inner, ")");
}

static struct piece read_member(struct reader *r, const char *word)
{
	struct piece left = read_expression(r), right, piece;

	right = read_plain_name(r);
	piece = piece_open(r);
	put_operand(r, &left);
	put(r, word);
	put_operand(r, &right);
	piece_close(r, &piece);
	piece.depends = left.depends | right.depends;
	return piece;
}

static struct piece read_dot(struct reader *r)
{
	return read_member(r, ".");
}

static struct piece read_arrow(struct reader *r)
{
	return read_member(r, "->");
}

static struct piece read_index_of(struct reader *r)
{
	struct piece left = read_expression(r), right, piece;

	right = read_expression(r);
	piece = piece_open(r);
	put_operand(r, &left);
	put(r, "[");
	put_piece(r, &right);
	put(r, "]");
	piece_close(r, &piece);
	piece.depends = left.depends | right.depends;
	return piece;
}

static struct piece read_choice(struct reader *r)
{
	struct piece one = read_expression(r), two, three, piece;

	two = read_expression(r);
	three = read_expression(r);
	piece = piece_open(r);
	put_operand(r, &one);
	put(r, "?");
	put_operand(r, &two);
	put(r, " : ");
	put_operand(r, &three);
	piece_close(r, &piece);
	piece.depends = one.depends | two.depends | three.depends;
	return piece;
}

static struct piece read_spread(struct reader *r)
{
	return read_expansion(r, read_expression);
}

static const struct {
	const char *code;
	struct piece (*read)(struct reader *r);
} forms[] = {
	{ "sr", read_scoped },
	{ "fp", read_function_parameter },
	{ "fL0p", read_function_parameter },
	{ "cl", read_call },
	{ "cv", read_cast },
	{ "il", read_braces },
	{ "tl", read_typed_braces },
	{ "st", read_size_of_type },
	{ "nx", read_noexcept },
	{ "dt", read_dot },
	{ "pt", read_arrow },
	{ "ix", read_index_of },
	{ "qu", read_choice },
	{ "sp", read_spread },
	{ "sZ", read_count },
	{ "on", read_plain_name },
};

static struct piece read_unary(struct reader *r, const char *text)
{
	struct piece operand = read_expression(r), piece = piece_open(r);

	put(r, text);
	/* The address of a function is shown without its parameters. */
	if (*text == '&' && operand.kind == PIECE_FUNCTION) {
		operand.end = operand.base_end;
		operand.kind = PIECE_SIMPLE;
	}
	if (strcmp(text, "::") == 0)
		put_piece(r, &operand);
	else
		put_operand(r, &operand);
	piece_close(r, &piece);
	piece.depends = operand.depends;
	return piece;
}

static struct piece read_binary(struct reader *r, const char *text)
{
	struct piece left = read_expression(r), right = read_expression(r);
	struct piece piece = piece_open(r);
	/* Else it would look like the end of the arguments. */
	bool wrapped = strcmp(text, ">") == 0;

	put(r, wrapped ? "(" : "");
	put_operand(r, &left);
	put(r, text);
	put_operand(r, &right);
	put(r, wrapped ? ")" : "");
	piece_close(r, &piece);
	piece.depends = left.depends | right.depends;
	return piece;
}

static struct piece read_operation(struct reader *r)
{
	const struct operator_word *word =
		operator_find(peek(r), peek_at(r, 1));

	if (!word || !word->operands) {
		reader_fail(r);
		return piece_open(r);
	}
	r->at += 2;
	/* ++a and --a have a mark; a++ and a-- have none. */
	if (word->code[0] == word->code[1] && strchr("pm", word->code[0]))
		expect(r, '_');
	return word->operands == 1 ? read_unary(r, word->text)
				   : read_binary(r, word->text);
}

static struct piece read_form(struct reader *r)
{
	size_t i;

	for (i = 0; i < COUNT(forms); i++)
		if (accept(r, forms[i].code))
			return forms[i].read(r);
	return read_operation(r);
}

struct piece read_expression(struct reader *r)
{
	struct piece piece = { .start = 0 };
	char c = peek(r);

	if (!reader_enter(r))
		return piece;
	if (c == 'L')
		piece = read_literal(r);
	else if (c == 'T')
		piece = read_parameter(r);
	else if (c >= '0' && c <= '9')
		piece = read_plain_name(r);
	else
		piece = read_form(r);
	reader_leave(r);
	return piece;
}
