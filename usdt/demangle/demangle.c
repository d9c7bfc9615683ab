// SPDX-License-Identifier: BSD-2-Clause
/* demangle.c - from symbols to the names that people read. */
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "usdt/demangle/demangle.h"
#include "usdt/demangle/private.h"

enum {
	TEXT = 1 << 13, /* of a plain name */
	/* Of all names together: usual ones take some 100 each. */
	WORK = 1 << 27,
};

struct demangler {
	struct reader reader;
	size_t work;
	char arena[DEMANGLE_ARENA + 1]; /* and a NUL */
};

struct demangler *demangler_make(void)
{
	struct demangler *d = malloc(sizeof(*d));

	if (!d)
		return NULL;
	d->reader.arena = d->arena;
	d->work = 0;
	return d;
}

void demangler_free(struct demangler *d)
{
	free(d);
}

static void reader_start(struct reader *r, const char *symbol, size_t length)
{
	r->symbol = r->at = symbol;
	r->end = symbol + length;
	r->failed = false;
	r->depth = r->steps = 0;
	r->used = 0;
	r->npieces = r->nsubstitutions = 0;
	r->first_parameter = r->nparameters = r->npack_items = 0;
	r->scope = r->scopes = 0;
	r->base = (struct piece){ .start = 0 };
	r->in_lambda = r->converting = r->guessing = r->guessed = r->expanding =
		false;
	r->element = r->elements = 0;
	r->name_start = r->name_end = r->bare_end = 0;
	r->clone = false;
}

/* Rust's own looks like C++ with a hash at the end, so it is tried first. */
static bool (*const manglings[])(struct reader *r, struct piece *piece) = {
	rust_demangle,
	rust_legacy_demangle,
	cxx_demangle,
};

bool demangler_spent(const struct demangler *d)
{
	return d->work > WORK;
}

bool demangle(struct demangler *d, const char *symbol, struct plain_name *out)
{
	size_t length = strnlen(symbol, DEMANGLE_SYMBOL + 1), i;
	struct reader *r = &d->reader;
	struct piece piece;
	bool good;

	if (symbol[0] != '_' || length > DEMANGLE_SYMBOL || demangler_spent(d))
		return false;
	for (i = 0; i < COUNT(manglings); i++) {
		reader_start(r, symbol, length);
		good = manglings[i](r, &piece);
		d->work += r->steps + r->used / 16;
		if (!good || piece.end - piece.start > TEXT)
			continue;
		d->arena[piece.end] = '\0';
		out->text = d->arena + piece.start;
		out->start = r->name_start;
		out->end = r->name_end;
		out->bare_end = r->bare_end;
		out->clone = r->clone;
		return true;
	}
	return false;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '$' ||
	       (unsigned char)c >= 0x80;
}

/* The next byte that counts: a blank does where it parts two words. */
static char significant(const char **at, const char *end, char before)
{
	const char *now = *at;

	while (now < end && *now == ' ')
		now++;
	if (now == end)
		return '\0';
	if (now != *at && is_word(before) && is_word(*now)) {
		*at = now;
		return ' ';
	}
	*at = now + 1;
	return *now;
}

/* [abi:cxx11], which people do not write; where it ends, or `at` */
static const char *skip_tag(const char *at, const char *end)
{
	static const char tag[] = "[abi:";
	const char *close;

	if ((size_t)(end - at) < sizeof(tag) - 1 ||
	    memcmp(at, tag, sizeof(tag) - 1) != 0)
		return at;
	close = memchr(at, ']', (size_t)(end - at));
	return close ? close + 1 : at;
}

static bool same(const char *at, const char *end, const char *text)
{
	const char *text_end = text + strlen(text), *tagged;
	char a, b, before = '\0';

	do {
		if (*text != '[')
			while ((tagged = skip_tag(at, end)) != at)
				at = tagged;
		a = significant(&at, end, before);
		b = significant(&text, text_end, before);
		before = a;
	} while (a == b && a);
	return a == b;
}

bool plain_name_is(const struct plain_name *plain, const char *text)
{
	const char *all = plain->text, *end = all + strlen(all);

	if (same(all, end, text) || same(all + plain->start, end, text))
		return true;
	return !plain->clone &&
	       (same(all + plain->start, all + plain->end, text) ||
		same(all + plain->start, all + plain->bare_end, text));
}

bool plain_name_squeeze(const char *text, size_t length, char *out, size_t room)
{
	const char *end = text + length;
	char c = '\0';

	while (room-- > 0) {
		c = significant(&text, end, c);
		*out++ = c;
		if (!c)
			return true;
	}
	return false;
}
