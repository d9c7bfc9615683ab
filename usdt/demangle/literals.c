// SPDX-License-Identifier: BSD-2-Clause
/* literals.c - constants in the names of C++. */
#include <string.h>

#include "array.h"
#include "usdt/demangle/private.h"

static const struct {
	const char *type, *suffix;
} integers[] = {
	{ "int", "" },	       { "unsigned int", "u" },
	{ "long", "l" },       { "unsigned long", "ul" },
	{ "long long", "ll" }, { "unsigned long long", "ull" },
};

static const char *const floats[] = {
	"float",
	"double",
	"long double",
	"__float128",
};

static const char *find_suffix(const struct reader *r, const struct piece *type)
{
	size_t i;

	for (i = 0; i < COUNT(integers); i++)
		if (piece_is(r, type, integers[i].type))
			return integers[i].suffix;
	return NULL;
}

static bool is_float(const struct reader *r, const struct piece *type)
{
	size_t i;

	for (i = 0; i < COUNT(floats); i++)
		if (piece_is(r, type, floats[i]))
			return true;
	return false;
}

static void put_value(struct reader *r, const struct piece *type,
		      const char *value, size_t length)
{
	const char *suffix = find_suffix(r, type);
	bool in_brackets = is_float(r, type);
	bool minus = length && *value == 'n';

	if (piece_is(r, type, "bool") && length == 1 && *value <= '1') {
		put(r, *value == '1' ? "true" : "false");
		return;
	}
	if (!suffix) {
		put(r, "(");
		put_piece(r, type);
		put(r, in_brackets ? ")[" : ")");
	}
	put(r, minus ? "-" : "");
	put_bytes(r, value + minus, length - minus);
	put(r, suffix ? suffix : in_brackets ? "]" : "");
}

/* A function or variable; the parameters of its template are not ours. */
static struct piece read_named(struct reader *r)
{
	struct scope outer = scope_enter(r);
	struct piece piece = r->rules->encoding(r, true);

	scope_leave(r, &outer);
	/* As nm -C: of a function in a scope that is no template. */
	piece.kind = PIECE_PLAIN;
	if (r->name_start == 0 && piece.start + r->name_end == piece.end)
		piece.kind = PIECE_SIMPLE;
	else if (piece_ends(r, &piece, ")") && r->name_start == 0 &&
		 r->bare_end == r->name_end &&
		 memmem(r->arena + piece.start, r->name_end, "::", 2)) {
		piece.kind = PIECE_FUNCTION;
		piece.base_end = piece.start + r->name_end;
	}
	return piece;
}

static struct piece read_valued(struct reader *r)
{
	struct piece type = r->rules->type(r), piece;
	const char *value = r->at;

	while (!r->failed && peek(r) != 'E')
		next(r);
	piece = piece_open(r);
	if (value == r->at)
		put_value(r, &type, "0", 1); /* nullptr */
	else
		put_value(r, &type, value, (size_t)(r->at - value));
	piece_close(r, &piece);
	return piece;
}

struct piece read_literal(struct reader *r)
{
	struct piece piece;

	expect(r, 'L');
	piece = accept(r, "_Z") ? read_named(r) : read_valued(r);
	expect(r, 'E');
	return piece;
}
