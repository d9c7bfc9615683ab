// SPDX-License-Identifier: BSD-2-Clause
/* names.c - the names of C++: namespaces, classes, operators, lambdas. */
#include <string.h>

#include "usdt/demangle/private.h"

struct piece read_source_name(struct reader *r)
{
	static const char anonymous[] = "_GLOBAL_";
	size_t length = read_number(r), prefix = sizeof(anonymous) - 1;
	struct piece piece = piece_open(r);

	if (length == 0 || length > (size_t)(r->end - r->at))
		reader_fail(r);
	if (r->failed)
		return piece;
	if (length >= prefix + 2 && memcmp(r->at, anonymous, prefix) == 0 &&
	    strchr("._$", r->at[prefix]) && r->at[prefix + 1] == 'N')
		put(r, "(anonymous namespace)");
	else
		put_bytes(r, r->at, length);
	r->at += length;
	piece_close(r, &piece);
	piece.base = piece.start;
	piece.base_end = piece.end;
	return piece;
}

static struct piece read_converted(struct reader *r)
{
	bool outer = r->converting;
	struct piece type;

	r->converting = true;
	type = r->rules->type(r);
	r->converting = outer;
	return type;
}

/* The type may have parameters of a template whose arguments follow it. */
static struct piece read_conversion_type(struct reader *r)
{
	const char *from = r->at;
	size_t substitutions = r->nsubstitutions;
	bool outer = r->guessing;
	struct piece type;

	r->guessing = r->nparameters == r->first_parameter;
	r->guessed = false;
	type = read_converted(r);
	r->guessing = outer;
	if (!r->guessed)
		return type;
	if (peek(r) != 'I')
		reader_fail(r);
	/* Read here to be known, and once more after the type. */
	read_arguments(r, true);
	r->at = r->failed ? r->end : from;
	r->nsubstitutions = substitutions;
	return read_converted(r);
}

static struct piece read_conversion(struct reader *r)
{
	struct piece type = read_conversion_type(r), piece = piece_open(r);

	put(r, "operator ");
	put_piece(r, &type);
	piece_close(r, &piece);
	return piece;
}

static struct piece read_operator(struct reader *r, struct name_facts *facts)
{
	const struct operator_word *word;
	struct piece piece, name;
	size_t length;

	if (accept(r, "cv")) {
		facts->nothing_returned = true;
		return read_conversion(r);
	}
	if (accept(r, "li")) {
		name = read_source_name(r);
		piece = piece_text(r, "operator\"\" ");
		return join(r, &piece, "", &name);
	}
	word = operator_find(peek(r), peek_at(r, 1));
	if (!word) {
		reader_fail(r);
		return piece_open(r);
	}
	r->at += 2;
	length = strlen(word->text);
	piece = piece_open(r);
	put(r, word->text[0] >= 'a' && word->text[0] <= 'z' ? "operator "
							    : "operator");
	put_bytes(r, word->text, length - (word->text[length - 1] == ' '));
	piece_close(r, &piece);
	return piece;
}

/* Cn, CIn TYPE, Dn; r->base is the class. */
static struct piece read_structor(struct reader *r, struct name_facts *facts)
{
	bool destructor = next(r) == 'D';
	struct piece piece;
	char c;

	if (!destructor && accept(r, "I")) {
		c = next(r);
		r->rules->type(r);
	} else {
		c = next(r);
	}
	if (c < '0' || c > '5' || r->base.base == r->base.base_end)
		reader_fail(r);
	facts->nothing_returned = true;
	piece = piece_open(r);
	put(r, destructor ? "~" : "");
	if (!r->failed)
		put_bytes(r, r->arena + r->base.base,
			  r->base.base_end - r->base.base);
	piece_close(r, &piece);
	return piece;
}

static void put_serial(struct reader *r, size_t index)
{
	put(r, "#");
	put_number(r, index + 1);
	put(r, "}");
}

static struct piece read_lambda(struct reader *r)
{
	bool outer = r->in_lambda;
	struct piece piece, parameters;
	size_t index;

	r->in_lambda = true;
	parameters = read_parameters(r);
	r->in_lambda = outer;
	expect(r, 'E');
	index = read_index(r, 10);
	piece = piece_open(r);
	put(r, "{lambda");
	put_piece(r, &parameters);
	put_serial(r, index);
	piece_close(r, &piece);
	return piece;
}

static struct piece read_unnamed(struct reader *r)
{
	size_t index = read_index(r, 10);
	struct piece piece = piece_open(r);

	put(r, "{unnamed type");
	put_serial(r, index);
	piece_close(r, &piece);
	return piece;
}

/* _d or __dd_: which of several of that name in a function. */
static void skip_discriminator(struct reader *r)
{
	if (accept(r, "__")) {
		read_number(r);
		expect(r, '_');
	} else if (peek(r) == '_' && peek_at(r, 1) >= '0' &&
		   peek_at(r, 1) <= '9') {
		r->at += 2;
	}
}

static struct piece read_unqualified_bare(struct reader *r,
					  struct name_facts *facts)
{
	char c = peek(r);

	if (c >= '0' && c <= '9')
		return read_source_name(r);
	if (c >= 'a' && c <= 'z')
		return read_operator(r, facts);
	if (c == 'C' || c == 'D')
		return read_structor(r, facts);
	if (accept(r, "Ul"))
		return read_lambda(r);
	if (accept(r, "Ut"))
		return read_unnamed(r);
	reader_fail(r);
	return piece_open(r);
}

static struct piece read_tags(struct reader *r, struct piece piece)
{
	struct piece tag, grown;

	while (!r->failed && accept(r, "B")) {
		tag = read_source_name(r);
		grown = piece_open(r);
		grown.base = piece.base;
		grown.base_end = piece.base_end;
		put_piece(r, &piece);
		put(r, "[abi:");
		put_piece(r, &tag);
		put(r, "]");
		piece_close(r, &grown);
		piece = grown;
	}
	return piece;
}

struct piece read_unqualified(struct reader *r, struct name_facts *facts)
{
	struct piece piece;

	facts->nothing_returned = false;
	facts->arguments = false;
	facts->arguments_size = 0;
	if (accept(r, "L")) { /* of this file only */
		piece = read_source_name(r);
		skip_discriminator(r);
	} else {
		piece = read_unqualified_bare(r, facts);
	}
	return read_tags(r, piece);
}

static struct piece add_arguments(struct reader *r, const struct piece *piece,
				  bool keep, struct name_facts *facts)
{
	struct piece arguments = read_arguments(r, keep);

	facts->arguments = true;
	facts->arguments_size = arguments.end - arguments.start;
	return append(r, piece, &arguments);
}

/* One step of N...E; true when what was read can be referred to. */
static bool read_step(struct reader *r, struct piece *piece, bool *some,
		      bool keep, struct name_facts *facts)
{
	struct piece one;
	char c = peek(r);

	if (c == 'I' && *some) {
		*piece = add_arguments(r, piece, keep, facts);
		return true;
	}
	if (accept(r, "St")) {
		*piece = piece_text(r, "std");
		return !(*some = true);
	}
	if (c == 'S' && !*some) {
		*piece = read_tags(r, read_substitution(r, true));
		return !(*some = true);
	}
	if (c == 'T' && !*some) {
		*piece = read_parameter(r);
		return *some = true;
	}
	if (!*some && (c == 'D') && strchr("tT", peek_at(r, 1))) {
		*piece = r->rules->type(r); /* which can be referred to */
		return !(*some = true);
	}
	r->base = *piece;
	one = read_unqualified(r, facts);
	*piece = *some ? join(r, piece, "::", &one) : one;
	return *some = true;
}

static struct piece read_nested(struct reader *r, bool keep,
				struct name_facts *facts)
{
	struct piece piece = piece_open(r);
	bool some = false, known;

	facts->qualifiers = read_qualifiers(r);
	facts->reference = read_reference(r);
	while (!r->failed && !accept(r, "E")) {
		known = read_step(r, &piece, &some, keep, facts);
		accept(r, "M"); /* what initializes a member */
		if (known && peek(r) != 'E')
			substitution_add(r, &piece, NULL);
	}
	if (!some)
		reader_fail(r);
	return piece;
}

/* d[N]_: an argument's default, in which the name is. */
static struct piece read_default(struct reader *r)
{
	size_t index = read_index(r, 10);
	struct piece piece = piece_open(r);

	put(r, "{default arg");
	put_serial(r, index);
	piece_close(r, &piece);
	return piece;
}

/* What is inside of a function. */
static struct piece read_inside(struct reader *r, bool keep,
				struct name_facts *facts)
{
	struct piece piece, around;

	if (accept(r, "s")) {
		piece = piece_text(r, "string literal");
	} else if (accept(r, "d")) {
		around = read_default(r);
		piece = keep ? read_name(r, facts) : read_type_name(r, facts);
		piece = join(r, &around, "::", &piece);
	} else {
		piece = keep ? read_name(r, facts) : read_type_name(r, facts);
	}
	skip_discriminator(r);
	return piece;
}

/* Z FUNCTION E, and what is inside of it. */
static struct piece read_local(struct reader *r, bool keep,
			       struct name_facts *facts)
{
	struct scope outer = scope_enter(r);
	struct piece function, piece;

	/* The function's own name is ours when it is in what we read. */
	if (keep)
		scope_leave(r, &outer);
	function = r->rules->encoding(r, false);
	expect(r, 'E');
	piece = read_inside(r, keep, facts);
	if (!keep)
		scope_leave(r, &outer);
	return join(r, &function, "::", &piece);
}

static struct piece read_unscoped(struct reader *r, bool keep,
				  struct name_facts *facts)
{
	bool in_std = accept(r, "St");
	struct piece std = { .start = 0 }, piece;

	if (peek(r) == 'S') {
		piece = read_tags(r, read_substitution(r, false));
		if (peek(r) != 'I')
			reader_fail(r);
		return add_arguments(r, &piece, keep, facts);
	}
	if (in_std)
		std = piece_text(r, "std");
	piece = read_unqualified(r, facts);
	if (in_std)
		piece = join(r, &std, "::", &piece);
	if (peek(r) != 'I')
		return piece;
	substitution_add(r, &piece, NULL);
	return add_arguments(r, &piece, keep, facts);
}

static struct piece read_any(struct reader *r, bool keep,
			     struct name_facts *facts)
{
	struct piece piece = { .start = 0 };

	facts->qualifiers = "";
	facts->reference = "";
	if (!reader_enter(r))
		return piece;
	if (accept(r, "N"))
		piece = read_nested(r, keep, facts);
	else if (accept(r, "Z"))
		piece = read_local(r, keep, facts);
	else
		piece = read_unscoped(r, keep, facts);
	reader_leave(r);
	return piece;
}

/* The name of a function, whose arguments its parameters refer to. */
struct piece read_name(struct reader *r, struct name_facts *facts)
{
	return read_any(r, true, facts);
}

struct piece read_type_name(struct reader *r, struct name_facts *facts)
{
	return read_any(r, false, facts);
}
