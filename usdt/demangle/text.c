// SPDX-License-Identifier: BSD-2-Clause
/* text.c - reading a symbol byte by byte, and putting text together. */
#include <string.h>

#include "usdt/demangle/private.h"

bool reader_enter(struct reader *r)
{
	r->steps++;
	r->depth++;
	if (r->depth > DEMANGLE_DEPTH || r->steps > DEMANGLE_STEPS)
		r->failed = true;
	return !r->failed;
}

void reader_leave(struct reader *r)
{
	r->depth--;
}

/* The rest is not read, so no loop goes on. */
void reader_fail(struct reader *r)
{
	r->failed = true;
	r->at = r->end;
}

char next(struct reader *r)
{
	if (r->at == r->end) {
		reader_fail(r);
		return '\0';
	}
	return *r->at++;
}

void expect(struct reader *r, char c)
{
	if (next(r) != c)
		reader_fail(r);
}

size_t read_number(struct reader *r)
{
	size_t number = 0;

	if (peek(r) < '0' || peek(r) > '9')
		reader_fail(r);
	while (peek(r) >= '0' && peek(r) <= '9') {
		number = number * 10 + (size_t)(next(r) - '0');
		if (number > DEMANGLE_SYMBOL)
			reader_fail(r);
	}
	return number;
}

static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	return c >= 'A' && c <= 'Z' ? (unsigned int)(c - 'A') + 10 : 64;
}

size_t read_index(struct reader *r, unsigned int base)
{
	size_t number = 0;

	if (accept(r, "_"))
		return 0;
	while (digit(peek(r)) < base) {
		number = number * base + digit(next(r));
		if (number > DEMANGLE_SYMBOL)
			reader_fail(r);
	}
	expect(r, '_');
	return number + 1;
}

struct piece piece_open(struct reader *r)
{
	uint32_t at = (uint32_t)r->used;

	return (struct piece){ .start = at, .middle = at, .end = at };
}

void piece_split(struct reader *r, struct piece *piece)
{
	piece->middle = (uint32_t)r->used;
	piece->end = piece->middle;
}

void piece_close(struct reader *r, struct piece *piece)
{
	if (piece->middle == piece->start)
		piece->middle = (uint32_t)r->used;
	piece->end = (uint32_t)r->used;
}

void put_bytes(struct reader *r, const char *bytes, size_t size)
{
	if (r->failed || size > DEMANGLE_ARENA - r->used) {
		reader_fail(r);
		return;
	}
	memmove(r->arena + r->used, bytes, size);
	r->used += size;
}

void put(struct reader *r, const char *text)
{
	put_bytes(r, text, strlen(text));
}

void put_number(struct reader *r, size_t number)
{
	char digits[24];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	put_bytes(r, digits + at, sizeof(digits) - at);
}

void put_piece(struct reader *r, const struct piece *piece)
{
	put_bytes(r, r->arena + piece->start, piece->end - piece->start);
}

void put_left(struct reader *r, const struct piece *piece)
{
	put_bytes(r, r->arena + piece->start, piece->middle - piece->start);
}

void put_right(struct reader *r, const struct piece *piece)
{
	put_bytes(r, r->arena + piece->middle, piece->end - piece->middle);
}

char put_last(const struct reader *r)
{
	return r->used ? r->arena[r->used - 1] : '\0';
}

void put_list(struct reader *r, size_t first)
{
	size_t i;
	bool some = false;

	for (i = first; i < r->npieces && !r->failed; i++) {
		if (piece_empty(&r->pieces[i]))
			continue;
		if (some)
			put(r, ", ");
		some = true;
		put_piece(r, &r->pieces[i]);
	}
}

struct piece piece_text(struct reader *r, const char *text)
{
	struct piece piece = piece_open(r);

	put(r, text);
	piece_close(r, &piece);
	return piece;
}

bool piece_is(const struct reader *r, const struct piece *piece,
	      const char *text)
{
	return piece->end - piece->start == strlen(text) &&
	       piece_ends(r, piece, text);
}

bool piece_ends(const struct reader *r, const struct piece *piece,
		const char *text)
{
	size_t length = strlen(text);

	return piece->end - piece->start >= length &&
	       memcmp(r->arena + piece->end - length, text, length) == 0;
}

bool piece_empty(const struct piece *piece)
{
	return piece->start == piece->end;
}

void push(struct reader *r, const struct piece *piece)
{
	if (r->npieces == DEMANGLE_PIECES)
		reader_fail(r);
	else
		r->pieces[r->npieces++] = *piece;
}

void substitution_add(struct reader *r, const struct piece *piece,
		      const char *type)
{
	if (r->nsubstitutions == DEMANGLE_SUBSTITUTIONS)
		reader_fail(r);
	else
		r->substitutions[r->nsubstitutions++] =
			(struct substitution){ *piece, type, r->scope };
}

struct piece join(struct reader *r, const struct piece *left,
		  const char *between, const struct piece *right)
{
	struct piece piece = piece_open(r);

	put_piece(r, left);
	put(r, between);
	piece.base = right->base;
	piece.base_end = right->base_end;
	put_piece(r, right);
	piece_close(r, &piece);
	piece.depends = left->depends | right->depends;
	return piece;
}

struct piece append(struct reader *r, const struct piece *left,
		    const struct piece *arguments)
{
	struct piece piece = piece_open(r);

	piece.base = left->base;
	piece.base_end = left->base_end;
	put_piece(r, left);
	/* operator< <int> */
	if (put_last(r) == '<')
		put(r, " ");
	put_piece(r, arguments);
	piece_close(r, &piece);
	piece.depends = left->depends | arguments->depends;
	return piece;
}
