// SPDX-License-Identifier: BSD-2-Clause
/* flat.c - numbers and texts, one behind the other. */
#include <string.h>

#include "attach/program/loader/flat.h"

void flat_put(FILE *out, uint32_t number)
{
	fwrite(&number, sizeof(number), 1, out);
}

void flat_put_wide(FILE *out, uint64_t number)
{
	fwrite(&number, sizeof(number), 1, out);
}

void flat_put_text(FILE *out, const char *text)
{
	size_t length = strlen(text);

	flat_put(out, (uint32_t)length);
	fwrite(text, 1, length, out);
}

static const char *bytes(struct flat *in, size_t size)
{
	const char *at = in->at;

	if (in->bad || size > in->left) {
		in->bad = true;
		return NULL;
	}
	in->at += size;
	in->left -= size;
	return at;
}

uint32_t flat_take(struct flat *in)
{
	uint32_t number = 0;
	const char *at = bytes(in, sizeof(number));

	if (at)
		memcpy(&number, at, sizeof(number));
	return number;
}

uint64_t flat_take_wide(struct flat *in)
{
	uint64_t number = 0;
	const char *at = bytes(in, sizeof(number));

	if (at)
		memcpy(&number, at, sizeof(number));
	return number;
}

bool flat_take_bool(struct flat *in)
{
	uint32_t number = flat_take(in);

	if (number > 1)
		in->bad = true;
	return number == 1;
}

char *flat_take_text(struct flat *in, size_t limit)
{
	uint32_t length = flat_take(in);
	const char *at = length < limit ? bytes(in, length) : NULL;
	char *text =
		at && !memchr(at, '\0', length) ? strndup(at, length) : NULL;

	if (!text)
		in->bad = true;
	return text;
}

size_t flat_take_count(struct flat *in, size_t limit, size_t each)
{
	uint32_t count = flat_take(in);

	if (count <= limit && count <= in->left / each)
		return count;
	in->bad = true;
	return 0;
}

bool flat_done(const struct flat *in)
{
	return !in->bad && !in->left;
}
