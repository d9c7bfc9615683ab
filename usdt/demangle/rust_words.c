// SPDX-License-Identifier: BSD-2-Clause
/*
 * rust_words.c - identifiers, constants and builtin types of Rust's mangling.
 */
#include <string.h>

#include "usdt/demangle/private.h"

enum {
	LETTERS = 128, /* of an identifier that is not ASCII */
	/* RFC 3492, section 5 */
	PUNY_BASE = 36,
	PUNY_T_MIN = 1,
	PUNY_T_MAX = 26,
	PUNY_SKEW = 38,
	PUNY_DAMP = 700,
	PUNY_BIAS = 72,
	PUNY_FIRST = 0x80,
	UNICODE = 0x110000,
};

static const char *const basics[26] = {
	['a' - 'a'] = "i8",   ['b' - 'a'] = "bool",  ['c' - 'a'] = "char",
	['d' - 'a'] = "f64",  ['e' - 'a'] = "str",   ['f' - 'a'] = "f32",
	['h' - 'a'] = "u8",   ['i' - 'a'] = "isize", ['j' - 'a'] = "usize",
	['l' - 'a'] = "i32",  ['m' - 'a'] = "u32",   ['n' - 'a'] = "i128",
	['o' - 'a'] = "u128", ['p' - 'a'] = "_",     ['s' - 'a'] = "i16",
	['t' - 'a'] = "u16",  ['u' - 'a'] = "()",    ['v' - 'a'] = "...",
	['x' - 'a'] = "i64",  ['y' - 'a'] = "u64",   ['z' - 'a'] = "!",
};

const char *rust_basic_find(char code)
{
	return code >= 'a' && code <= 'z' ? basics[code - 'a'] : NULL;
}

static void put_letter(struct reader *r, uint32_t c)
{
	char bytes[4];
	size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	if (c < ' ' || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) ||
	    c >= UNICODE)
		reader_fail(r);
	for (i = size - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	bytes[0] = (char)(size == 1 ? c : (0xf00 >> size & 0xff) | c);
	put_bytes(r, bytes, size);
}

static size_t adapt(size_t delta, size_t count, bool first)
{
	size_t k = 0;

	delta /= first ? PUNY_DAMP : 2;
	delta += delta / count;
	for (; delta > (PUNY_BASE - PUNY_T_MIN) * PUNY_T_MAX / 2;
	     k += PUNY_BASE)
		delta /= PUNY_BASE - PUNY_T_MIN;
	return k + (PUNY_BASE - PUNY_T_MIN + 1) * delta / (delta + PUNY_SKEW);
}

static size_t puny_digit(struct reader *r, char c)
{
	if (c >= 'a' && c <= 'z')
		return (size_t)(c - 'a');
	if (c >= '0' && c <= '9')
		return (size_t)(c - '0') + 26;
	reader_fail(r);
	return 0;
}

/* How far it is to the place of the next letter. */
static size_t puny_delta(struct reader *r, const char **at, const char *end,
			 size_t bias)
{
	size_t weight = 1, delta = 0, k, digit, threshold;

	for (k = PUNY_BASE;; k += PUNY_BASE) {
		if (*at == end || weight > UNICODE) {
			reader_fail(r);
			return 0;
		}
		digit = puny_digit(r, *(*at)++);
		delta += digit * weight;
		threshold = k <= bias ? PUNY_T_MIN : k - bias;
		if (threshold > PUNY_T_MAX)
			threshold = PUNY_T_MAX;
		if (digit < threshold)
			return delta;
		weight *= PUNY_BASE - threshold;
	}
}

/* RFC 3492, section 6.2, with '_' for '-'. */
static void put_puny(struct reader *r, const char *at, const char *end)
{
	uint32_t letters[LETTERS], letter = PUNY_FIRST;
	const char *dash = memrchr(at, '_', (size_t)(end - at));
	size_t count = 0, place = 0, bias = PUNY_BIAS, from, i;

	if (end - at > LETTERS)
		reader_fail(r);
	for (; dash && !r->failed && at < dash; at++)
		letters[count++] = (unsigned char)*at;
	at += dash ? 1 : 0;
	while (!r->failed && at < end) {
		from = place;
		place += puny_delta(r, &at, end, bias);
		bias = adapt(place - from, count + 1, from == 0);
		letter += (uint32_t)(place / (count + 1));
		place %= count + 1;
		memmove(&letters[place + 1], &letters[place],
			(count - place) * sizeof(*letters));
		letters[place++] = letter;
		count++;
		if (letter >= UNICODE)
			reader_fail(r);
	}
	for (i = 0; !r->failed && i < count; i++)
		put_letter(r, letters[i]);
}

bool rust_put_identifier(struct reader *r)
{
	bool puny = accept(r, "u");
	/* A number begins with no zero: what follows one is another. */
	size_t length = accept(r, "0") ? 0 : read_number(r);
	const char *at;

	accept(r, "_");
	if (length > (size_t)(r->end - r->at))
		reader_fail(r);
	if (r->failed || !length)
		return false;
	at = r->at;
	r->at += length;
	if (puny)
		put_puny(r, at, r->at);
	else
		put_bytes(r, at, length);
	return true;
}

static unsigned int base62(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'z')
		return (unsigned int)(c - 'a') + 10;
	return c >= 'A' && c <= 'Z' ? (unsigned int)(c - 'A') + 36 : 62;
}

uint64_t rust_read_62(struct reader *r)
{
	uint64_t number = 0;

	if (accept(r, "_"))
		return 0;
	while (base62(peek(r)) < 62)
		if (__builtin_mul_overflow(number, 62, &number) ||
		    __builtin_add_overflow(number, base62(next(r)), &number))
			reader_fail(r);
	expect(r, '_');
	return number + 1;
}

static unsigned int hex(struct reader *r, char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	reader_fail(r);
	return 0;
}

/* Hexadecimal digits up to a '_'; those of a larger number are put as such. */
static void put_integer(struct reader *r, bool *small, uint64_t *value)
{
	const char *start = r->at;
	size_t length;

	*value = 0;
	while (!r->failed && peek(r) != '_')
		*value = *value << 4 | hex(r, next(r));
	length = (size_t)(r->at - start);
	expect(r, '_');
	*small = length <= 16;
	if (!*small) {
		put(r, "0x");
		put_bytes(r, start, length);
	}
}

static void put_char(struct reader *r, uint64_t value)
{
	put(r, "'");
	put(r, value == '\'' || value == '\\' ? "\\" : "");
	put_letter(r, (uint32_t)value);
	put(r, "'");
}

void rust_put_constant(struct reader *r)
{
	char type = next(r);
	bool small;
	uint64_t value;

	if (type == 'p') {
		put(r, "_");
		return;
	}
	if (!type || !strchr("htmyojaslxnibc", type)) {
		reader_fail(r);
		return;
	}
	if (strchr("aslxni", type) && accept(r, "n"))
		put(r, "-");
	put_integer(r, &small, &value);
	if (!small)
		return;
	if (type == 'b' && value <= 1)
		put(r, value ? "true" : "false");
	else if (type == 'c' && value < UNICODE)
		put_char(r, value);
	else if (type == 'b' || type == 'c')
		reader_fail(r);
	else
		put_number(r, value);
}
