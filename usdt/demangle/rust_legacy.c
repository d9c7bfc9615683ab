// SPDX-License-Identifier: BSD-2-Clause
/*
 * rust_legacy.c - Rust's first mangling: _ZN, a path whose last component is a
 * hash, E.
 *
 * rustc, compiler/rustc_symbol_mangling/src/legacy.rs, sanitize(): what cannot
 * be in a symbol is written as $LT$ and the like; ".." is "::".
 */
#include <string.h>

#include "array.h"
#include "usdt/demangle/private.h"

enum { HASH = 17 }; /* bytes: an h and 16 digits */

static const struct {
	const char *code, *text;
} escapes[] = {
	{ "$SP$", "@" }, { "$BP$", "*" }, { "$RF$", "&" }, { "$LT$", "<" },
	{ "$GT$", ">" }, { "$LP$", "(" }, { "$RP$", ")" }, { "$C$", "," },
	{ "..", "::" },	 { ".", "." },
};

/* $u7b$ is the byte 7b. */
static bool put_byte(struct reader *r)
{
	unsigned int code = 0, digits = 0;
	char c, byte;

	if (!accept(r, "$u"))
		return false;
	for (c = next(r); c != '$' && !r->failed; c = next(r)) {
		if (c >= '0' && c <= '9')
			code = code * 16 + (unsigned int)(c - '0');
		else if (c >= 'a' && c <= 'f')
			code = code * 16 + (unsigned int)(c - 'a') + 10;
		else
			reader_fail(r);
		digits++;
	}
	/* No others are written so. */
	if (digits != 2 || code < ' ' || code >= 0x7f)
		reader_fail(r);
	byte = (char)code;
	put_bytes(r, &byte, 1);
	return true;
}

static bool put_escape(struct reader *r)
{
	size_t i;

	for (i = 0; i < COUNT(escapes); i++)
		if (accept(r, escapes[i].code)) {
			put(r, escapes[i].text);
			return true;
		}
	return put_byte(r);
}

static void put_component(struct reader *r, size_t length)
{
	const char *end = r->at + length, *all = r->end;

	/* Nothing of the next one is read. */
	r->end = end;
	if (peek(r) == '_' && peek_at(r, 1) == '$')
		r->at++;
	while (!r->failed && r->at < end)
		if (!put_escape(r)) {
			if (peek(r) == '$')
				reader_fail(r);
			put_bytes(r, r->at, 1);
			r->at++;
		}
	r->end = all;
	if (!r->failed)
		r->at = end;
}

/* So many digits differ in a hash that no name of C++ is taken for one. */
static bool is_hash(const char *text)
{
	unsigned int seen = 0;
	size_t i;

	if (text[0] != 'h')
		return false;
	for (i = 1; i < HASH; i++)
		if (text[i] >= '0' && text[i] <= '9')
			seen |= 1U << (text[i] - '0');
		else if (text[i] >= 'a' && text[i] <= 'f')
			seen |= 1U << (text[i] - 'a' + 10);
		else
			return false;
	return __builtin_popcount(seen) >= 5;
}

/* Where the arguments in <> at the end begin: drop_in_place<T>. */
static size_t bare_length(const char *text, size_t length)
{
	size_t at = length, depth = 0;

	while (at-- > 0) {
		if (text[at] == '>' && (at == 0 || text[at - 1] != '-'))
			depth++;
		else if (text[at] == '<' && --depth == 0)
			break;
		if (depth == 0)
			return length; /* it ends in no > */
	}
	/* <T as Trait> is no argument. */
	return at == 0 || at > length || text[at - 1] == ':' ? length : at;
}

bool rust_legacy_demangle(struct reader *r, struct piece *piece)
{
	size_t length = 0;

	/* Most names of C++ are told from it here. */
	if (!accept(r, "_ZN") ||
	    !memmem(r->at, (size_t)(r->end - r->at), "17h", 3))
		return false;
	*piece = piece_open(r);
	while (!r->failed) {
		length = read_number(r);
		if (!length || length > (size_t)(r->end - r->at))
			return false;
		if (length == HASH && r->at[length] == 'E' &&
		    !piece_empty(&(struct piece){ .start = piece->start,
						  .end = (uint32_t)r->used }))
			break;
		put(r, r->used == piece->start ? "" : "::");
		put_component(r, length);
	}
	if (r->failed || !is_hash(r->at))
		return false;
	r->at += length;
	expect(r, 'E');
	piece_close(r, piece);
	r->name_end = piece->end - piece->start;
	r->bare_end =
		(uint32_t)bare_length(r->arena + piece->start, r->name_end);
	if (accept(r, ".llvm."))
		r->at = r->end;
	*piece = read_clones(r, *piece);
	return !r->failed && r->at == r->end;
}
