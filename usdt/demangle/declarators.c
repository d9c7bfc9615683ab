// SPDX-License-Identifier: BSD-2-Clause
/*
 * declarators.c - types around types: pointers, functions, arrays.
 *
 * C writes a type around its declarator, so a type is a left and a right side:
 * "void (*" and ")(int)".  That of a function is "void " and "(int)", and what
 * points to it puts itself into parentheses between the two.
 */
#include <string.h>

#include "usdt/demangle/private.h"

static bool in_parentheses(const struct piece *piece)
{
	return piece->kind == PIECE_FUNCTION || piece->kind == PIECE_ARRAY;
}

/* & of a && is a &. */
static struct piece collapse(struct reader *r, const struct piece *inner)
{
	struct piece piece = piece_open(r);

	put_left(r, inner);
	if (!r->failed)
		r->used--;
	piece_split(r, &piece);
	put_right(r, inner);
	piece_close(r, &piece);
	piece.kind = PIECE_LVALUE;
	return piece;
}

struct piece declare(struct reader *r, const struct piece *inner,
		     const struct piece *class, const char *declarator)
{
	struct piece piece;

	if (declarator[0] == '&') {
		if (inner->kind == PIECE_RVALUE && !declarator[1])
			return collapse(r, inner);
		if (inner->kind == PIECE_LVALUE || inner->kind == PIECE_RVALUE)
			return *inner;
	}
	piece = piece_open(r);
	put_left(r, inner);
	put(r, in_parentheses(inner) ? "(" : class ? " " : "");
	if (class)
		put_piece(r, class);
	put(r, declarator);
	piece_split(r, &piece);
	put(r, in_parentheses(inner) ? ")" : "");
	put(r, inner->kind == PIECE_ARRAY ? " " : "");
	put_right(r, inner);
	piece_close(r, &piece);
	piece.depends = inner->depends | (class ? class->depends : 0);
	if (declarator[0] == '&')
		piece.kind = declarator[1] ? PIECE_RVALUE : PIECE_LVALUE;
	return piece;
}

static bool left_ends(const struct reader *r, const struct piece *piece,
		      const char *text)
{
	struct piece left = *piece;

	left.end = left.middle;
	return piece_ends(r, &left, text);
}

struct piece qualify(struct reader *r, const struct piece *inner,
		     const char *qualifiers)
{
	struct piece piece;
	bool array = inner->kind == PIECE_ARRAY;

	if (!*qualifiers ||
	    (!in_parentheses(inner) && left_ends(r, inner, qualifiers)))
		return *inner;
	piece = piece_open(r);
	put_left(r, inner);
	if (array && put_last(r) == ' ')
		r->used--;
	if (inner->kind != PIECE_FUNCTION)
		put(r, qualifiers);
	put(r, array ? " " : "");
	piece_split(r, &piece);
	put_right(r, inner);
	if (inner->kind == PIECE_FUNCTION)
		put(r, qualifiers);
	piece_close(r, &piece);
	piece.kind = in_parentheses(inner) ? inner->kind : PIECE_PLAIN;
	piece.depends = inner->depends;
	return piece;
}

const char *read_qualifiers(struct reader *r)
{
	static const char *const words[] = {
		"",
		" __restrict",
		" volatile",
		" volatile __restrict",
		" const",
		" const __restrict",
		" const volatile",
		" const volatile __restrict",
	};
	unsigned int which = accept(r, "r") ? 1 : 0;

	which |= accept(r, "V") ? 2 : 0;
	which |= accept(r, "K") ? 4 : 0;
	return words[which];
}

const char *read_reference(struct reader *r)
{
	if (accept(r, "R"))
		return " &";
	return accept(r, "O") ? " &&" : "";
}

static bool parameters_end(const struct reader *r)
{
	char c = peek(r);

	return c == '\0' || c == 'E' || c == '.' ||
	       ((c == 'R' || c == 'O') && peek_at(r, 1) == 'E');
}

struct piece read_parameters(struct reader *r)
{
	size_t first = r->npieces;
	struct piece piece, one;
	unsigned int depends = 0;

	if (parameters_end(r))
		reader_fail(r);
	while (!r->failed && !parameters_end(r)) {
		one = r->rules->type(r);
		depends |= one.depends;
		push(r, &one);
	}
	if (r->npieces == first + 1 && piece_is(r, &r->pieces[first], "void"))
		r->npieces = first;
	piece = piece_open(r);
	put(r, "(");
	put_list(r, first);
	put(r, ")");
	piece_close(r, &piece);
	piece.depends = depends;
	r->npieces = first;
	return piece;
}

struct piece read_function(struct reader *r, const char *suffix)
{
	struct piece piece, returned, parameters;
	const char *reference;

	expect(r, 'F');
	accept(r, "Y");
	returned = r->rules->type(r);
	parameters = read_parameters(r);
	reference = read_reference(r);
	expect(r, 'E');
	piece = piece_open(r);
	put_left(r, &returned);
	put(r, returned.middle == returned.end ? " " : "");
	piece_split(r, &piece);
	put_piece(r, &parameters);
	put(r, reference);
	put(r, suffix);
	put_right(r, &returned);
	piece_close(r, &piece);
	piece.kind = PIECE_FUNCTION;
	piece.depends = returned.depends | parameters.depends;
	return piece;
}

static struct piece read_bound(struct reader *r)
{
	struct piece bound = piece_open(r);

	if (peek(r) >= '0' && peek(r) <= '9')
		put_number(r, read_number(r));
	else if (peek(r) != '_')
		return r->rules->expression(r);
	piece_close(r, &bound);
	return bound;
}

struct piece read_array(struct reader *r)
{
	struct piece piece, element, bound;

	expect(r, 'A');
	bound = read_bound(r);
	expect(r, '_');
	element = r->rules->type(r);
	piece = piece_open(r);
	put_left(r, &element);
	put(r, element.kind == PIECE_ARRAY ? "" : " ");
	piece_split(r, &piece);
	put(r, "[");
	put_piece(r, &bound);
	put(r, "]");
	put_right(r, &element);
	piece_close(r, &piece);
	piece.kind = PIECE_ARRAY;
	piece.depends = element.depends | bound.depends;
	return piece;
}
