// SPDX-License-Identifier: BSD-2-Clause
/* draft.c - making a text of numbers, strings and bytes. */
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/map/draft.h"

enum { FIRST = 256, DIGITS = 40, BASE = 10 };

static const char hex[] = "0123456789abcdef";

bool draft_grow(struct draft *draft, size_t more)
{
	size_t room = draft->room ? draft->room : FIRST;
	char *data;

	if (draft->failed || more > draft->limit - draft->used) {
		draft->failed = true;
		return false;
	}
	while (room - draft->used < more)
		room *= 2;
	data = realloc(draft->data, room);
	if (!data) {
		draft->failed = true;
		return false;
	}
	draft->data = data;
	draft->room = room;
	return true;
}

static void add(struct draft *draft, const char *bytes, size_t size)
{
	if (!size || !draft_room(draft, size))
		return;
	memcpy(draft->data + draft->used, bytes, size);
	draft->used += size;
}

void draft_text(struct draft *draft, const char *text)
{
	add(draft, text, strlen(text));
}

void draft_name(struct draft *draft, const char *name)
{
	for (; *name; name++)
		draft_char(draft, *name >= ' ' && *name < 0x7f ? *name : '?');
}

void draft_unsigned(struct draft *draft, draft_uint number)
{
	char digits[DIGITS], *at = digits + sizeof(digits);
	uint64_t low;

	for (; number > UINT64_MAX; number /= BASE)
		*--at = hex[number % BASE];
	low = (uint64_t)number;
	do
		*--at = hex[low % BASE];
	while (low /= BASE);
	add(draft, at, (size_t)(digits + sizeof(digits) - at));
}

void draft_signed(struct draft *draft, draft_uint number)
{
	if (number >> 127) {
		draft_char(draft, '-');
		number = -number;
	}
	draft_unsigned(draft, number);
}

void draft_hex(struct draft *draft, draft_uint number)
{
	char digits[DIGITS], *at = digits + sizeof(digits);

	do
		*--at = hex[number & 0xf];
	while (number >>= 4);
	draft_text(draft, "0x");
	add(draft, at, (size_t)(digits + sizeof(digits) - at));
}

void draft_bytes(struct draft *draft, const void *data, size_t size)
{
	const uint8_t *bytes = data;
	size_t i;

	for (i = 0; i < size && !draft->failed; i++) {
		if (i)
			draft_char(draft, ' ');
		draft_char(draft, hex[bytes[i] >> 4]);
		draft_char(draft, hex[bytes[i] & 0xf]);
	}
}

void draft_escaped(struct draft *draft, unsigned char c, char quote)
{
	static const char named[] = "\a\b\t\n\v\f\r", names[] = "abtnvfr";
	const char *found = c ? strchr(named, c) : NULL;

	if (c >= ' ' && c < 0x7f && c != '\\' && c != (unsigned char)quote) {
		draft_char(draft, (char)c);
		return;
	}
	draft_char(draft, '\\');
	if (found) {
		draft_char(draft, names[found - named]);
	} else if (c == '\\' || c == (unsigned char)quote) {
		draft_char(draft, (char)c);
	} else {
		/* Always three digits: one may follow. */
		draft_char(draft, hex[c >> 6]);
		draft_char(draft, hex[c >> 3 & 7]);
		draft_char(draft, hex[c & 7]);
	}
}

void draft_clear(struct draft *draft)
{
	free(draft->data);
	draft->data = NULL;
	draft->used = draft->room = 0;
}
