// SPDX-License-Identifier: BSD-2-Clause
/*
 * clones.c - what compilers add to the symbol of a function that they changed,
 * or of a part of one: .isra.0, .constprop.0, .cold, .llvm.1234.
 */
#include <string.h>

#include "usdt/demangle/private.h"

static bool is_suffix_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t suffix_length(const struct reader *r)
{
	size_t length = 1;

	while (is_suffix_byte(peek_at(r, length)))
		length++;
	while (peek_at(r, length) == '.' && peek_at(r, length + 1) >= '0' &&
	       peek_at(r, length + 1) <= '9') {
		length += 2;
		while (peek_at(r, length) >= '0' && peek_at(r, length) <= '9')
			length++;
	}
	return length;
}

struct piece read_clones(struct reader *r, struct piece piece)
{
	struct piece grown;
	size_t length;

	while (!r->failed && peek(r) == '.' && is_suffix_byte(peek_at(r, 1))) {
		length = suffix_length(r);
		/* Which was only made visible to other units. */
		r->clone |= strncmp(r->at, ".llvm.", 6) != 0;
		grown = piece_open(r);
		put_piece(r, &piece);
		put(r, " [clone ");
		put_bytes(r, r->at, length);
		put(r, "]");
		piece_close(r, &grown);
		piece = grown;
		r->at += length;
	}
	return piece;
}
