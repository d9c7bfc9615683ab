// SPDX-License-Identifier: BSD-2-Clause
/* btf_near.c - what may have been meant by a name that BTF has not. */
#include <stdio.h>
#include <string.h>

#include "attach/kernel/symbols/btf_near.h"

enum {
	LETTERS = 2, /* that may differ */
	SHORTEST = 4, /* a part of a name; shorter ones are parts of too many */
	FAR = 1000, /* more than any distance */
};

struct near {
	unsigned int kind;
	const char *prefix, *name;
	size_t distance; /* of the best until now */
	char *best;
};

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein's, a row of which is kept; the lengths are alike. */
static size_t letters(const char *a, const char *b)
{
	size_t row[BTF_NAME], i, k, corner, above;
	size_t length = strlen(b);

	for (k = 0; k <= length; k++)
		row[k] = k;
	for (i = 0; a[i]; i++) {
		corner = row[0];
		row[0] = i + 1;
		for (k = 0; k < length; k++) {
			above = row[k + 1];
			row[k + 1] = least(corner + (a[i] != b[k]),
					   1 + least(above, row[k]));
			corner = above;
		}
	}
	return row[length];
}

/* A name that has the other in it is further the longer it is. */
static size_t distance(const char *name, const char *other)
{
	size_t length = strlen(name), others = strlen(other);
	size_t apart;

	if (others >= BTF_NAME)
		return FAR;
	if (length >= SHORTEST && strstr(other, name))
		return LETTERS + 1 + others - length;
	if (others > length + LETTERS || length > others + LETTERS)
		return FAR;
	apart = letters(name, other);
	return apart <= LETTERS && apart < length / 2 ? apart : FAR;
}

static int compare(void *ctx, const struct btf_entry *entry)
{
	struct near *near = ctx;
	size_t prefix = strlen(near->prefix), apart;

	if (entry->kind != near->kind ||
	    strncmp(entry->name, near->prefix, prefix) != 0)
		return 0;
	apart = distance(near->name, entry->name + prefix);
	if (apart >= near->distance)
		return 0;
	near->distance = apart;
	snprintf(near->best, BTF_NAME, "%s", entry->name + prefix);
	return 0;
}

void btf_near(const struct btf_types *btf, unsigned int kind,
	      const char *prefix, const char *name, char best[BTF_NAME])
{
	struct near near = {
		.kind = kind,
		.prefix = prefix,
		.name = name,
		.distance = FAR,
		.best = best,
	};

	best[0] = '\0';
	if (strlen(name) < BTF_NAME)
		btf_each(btf, compare, &near);
}
