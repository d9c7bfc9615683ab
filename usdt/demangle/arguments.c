// SPDX-License-Identifier: BSD-2-Clause
/* arguments.c - template arguments, and what refers back to things read. */
#include "usdt/demangle/private.h"

struct scope scope_enter(struct reader *r)
{
	struct scope outer = {
		.first_parameter = r->first_parameter,
		.nparameters = r->nparameters,
		.npack_items = r->npack_items,
		.scope = r->scope,
	};

	r->first_parameter = r->nparameters;
	r->scope = ++r->scopes;
	return outer;
}

void scope_leave(struct reader *r, const struct scope *outer)
{
	r->first_parameter = outer->first_parameter;
	r->nparameters = outer->nparameters;
	r->npack_items = outer->npack_items;
	r->scope = outer->scope;
}

static struct parameter *parameter_add(struct reader *r)
{
	struct parameter *parameter;

	if (r->nparameters == DEMANGLE_PARAMETERS) {
		reader_fail(r);
		return &r->parameters[0];
	}
	parameter = &r->parameters[r->nparameters++];
	*parameter = (struct parameter){ .is_pack = false };
	return parameter;
}

static struct piece read_argument(struct reader *r);

/* J...E: the arguments of one parameter, which takes any number. */
static struct piece read_pack(struct reader *r, struct parameter *parameter)
{
	size_t first = r->npieces, i;
	struct piece piece, one;

	while (!r->failed && !accept(r, "E")) {
		one = read_argument(r);
		push(r, &one);
	}
	if (parameter) {
		parameter->is_pack = true;
		parameter->first = (uint16_t)r->npack_items;
	}
	for (i = first; parameter && !r->failed && i < r->npieces; i++) {
		if (r->npack_items == DEMANGLE_PARAMETERS)
			reader_fail(r);
		else
			r->pack_items[r->npack_items++] = r->pieces[i];
		parameter->count++;
	}
	piece = piece_open(r);
	put_list(r, first);
	piece_close(r, &piece);
	r->npieces = first;
	return piece;
}

static struct piece read_argument(struct reader *r)
{
	struct piece piece = { .start = 0 };

	if (!reader_enter(r))
		return piece;
	if (accept(r, "J")) {
		piece = read_pack(r, NULL);
	} else if (accept(r, "X")) {
		piece = r->rules->expression(r);
		expect(r, 'E');
	} else if (peek(r) == 'L') {
		piece = r->rules->expression(r);
	} else {
		piece = r->rules->type(r);
	}
	reader_leave(r);
	return piece;
}

static struct piece read_kept(struct reader *r)
{
	struct piece piece;
	struct parameter *parameter;

	if (accept(r, "J"))
		return read_pack(r, parameter_add(r));
	piece = read_argument(r);
	parameter = parameter_add(r);
	parameter->piece = piece;
	return piece;
}

struct piece read_arguments(struct reader *r, bool keep)
{
	struct piece base = r->base, piece, one;
	size_t first = r->npieces;
	unsigned int depends = 0;

	expect(r, 'I');
	if (keep)
		r->nparameters = r->first_parameter;
	while (!r->failed && !accept(r, "E")) {
		one = keep ? read_kept(r) : read_argument(r);
		depends |= one.depends;
		push(r, &one);
	}
	piece = piece_open(r);
	put(r, "<");
	put_list(r, first);
	put(r, put_last(r) == '>' ? " >" : ">");
	piece_close(r, &piece);
	piece.depends = depends;
	r->npieces = first;
	r->base = base;
	return piece;
}

static struct piece read_element(struct reader *r, const struct parameter *from)
{
	size_t element = r->expanding ? r->element : 0;
	struct piece piece = piece_open(r);

	if (r->expanding && r->elements == SIZE_MAX)
		r->elements = from->count;
	if (element < from->count)
		piece = r->pack_items[from->first + element];
	piece.depends = DEPENDS_PARAMETERS;
	/* Of one element there is only one reading. */
	if (from->count != 1)
		piece.depends |= DEPENDS_ELEMENT;
	return piece;
}

static struct piece read_auto(struct reader *r, size_t index)
{
	struct piece piece = piece_open(r);

	put(r, "auto:");
	put_number(r, index + 1);
	piece_close(r, &piece);
	return piece;
}

struct piece read_parameter(struct reader *r)
{
	struct parameter *parameter;
	struct piece piece;
	size_t index;

	expect(r, 'T');
	index = read_index(r, 10);
	if (r->in_lambda)
		return read_auto(r, index);
	if (r->guessing) {
		r->guessed = true;
		return piece_text(r, "auto");
	}
	if (r->failed || index >= r->nparameters - r->first_parameter) {
		reader_fail(r);
		return piece_open(r);
	}
	parameter = &r->parameters[r->first_parameter + index];
	if (parameter->is_pack)
		return read_element(r, parameter);
	piece = parameter->piece;
	piece.depends = DEPENDS_PARAMETERS;
	return piece;
}

static struct piece read_std(struct reader *r, bool prefix)
{
	const struct std_word *word = std_find(next(r));
	struct piece piece = piece_open(r);
	bool full = prefix && (peek(r) == 'C' || peek(r) == 'D');

	if (!word) {
		reader_fail(r);
		return piece;
	}
	/* Where the constructor's name is. */
	put(r, word->base);
	piece.base = piece.start;
	piece.base_end = (uint32_t)r->used;
	piece.start = piece.base_end;
	piece.middle = piece.base_end;
	put(r, full ? word->full : word->text);
	piece_close(r, &piece);
	return piece;
}

/* The type may mean another one here: T_ is of another template. */
static struct piece read_again(struct reader *r, const char *type)
{
	size_t substitutions = r->nsubstitutions;
	const char *back = r->at;
	struct piece piece = piece_open(r);

	if (!type) {
		reader_fail(r);
		return piece;
	}
	r->at = type;
	piece = r->rules->type(r);
	r->at = r->failed ? r->end : back;
	r->nsubstitutions = substitutions;
	return piece;
}

struct piece read_substitution(struct reader *r, bool prefix)
{
	const struct substitution *substitution;
	size_t index;

	expect(r, 'S');
	if (peek(r) >= 'a' && peek(r) <= 'z')
		return read_std(r, prefix);
	index = read_index(r, 36);
	if (r->failed || index >= r->nsubstitutions) {
		reader_fail(r);
		return piece_open(r);
	}
	substitution = &r->substitutions[index];
	if ((substitution->piece.depends & DEPENDS_ELEMENT) ||
	    (substitution->piece.depends && substitution->scope != r->scope))
		return read_again(r, substitution->type);
	return substitution->piece;
}

struct expansion {
	bool expanding;
	size_t element, elements;
};

static struct piece expand(struct reader *r, const char *from,
			   size_t substitutions,
			   struct piece (*one)(struct reader *r))
{
	size_t first = r->npieces;
	unsigned int depends = 0;
	struct piece piece;

	do {
		r->at = from;
		r->nsubstitutions = substitutions;
		piece = one(r);
		depends |= piece.depends;
		if (r->elements == SIZE_MAX)
			break;
		if (r->elements)
			push(r, &piece);
	} while (!r->failed && ++r->element < r->elements);
	if (r->elements == SIZE_MAX) {
		struct piece dots = piece_text(r, "...");

		return append(r, &piece, &dots);
	}
	piece = piece_open(r);
	put_list(r, first);
	piece_close(r, &piece);
	piece.depends = depends;
	r->npieces = first;
	return piece;
}

struct piece read_expansion(struct reader *r,
			    struct piece (*one)(struct reader *r))
{
	struct expansion outer = { r->expanding, r->element, r->elements };
	struct piece piece;

	r->expanding = true;
	r->element = 0;
	r->elements = SIZE_MAX;
	piece = expand(r, r->at, r->nsubstitutions, one);
	r->expanding = outer.expanding;
	r->element = outer.element;
	r->elements = outer.elements;
	return piece;
}
