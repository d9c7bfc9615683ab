// SPDX-License-Identifier: BSD-2-Clause
/*
 * write.c - fuzzing what is written to the files of a probe.
 *
 * The first two bytes choose a kind and a field.  What must hold: a text says
 * one line at most, without white space around; what it says, said alone, is
 * the same; and a value that a field takes can be shown and taken again.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/config.h"
#include "scope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool good)
{
	if (!good)
		abort();
}

static void check_value(const char *value)
{
	size_t length = strlen(value);
	scoped_free char *again = NULL;

	must(!strchr(value, '\n') && value[0] != '#');
	must(!length || (!isspace((unsigned char)value[0]) &&
			 !isspace((unsigned char)value[length - 1])));
	must(!text_value(value, &again, NULL) && !strcmp(value, again));
}

static char *canonical(const struct field *field, void *spec)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(out);
	field_show(field, spec, out);
	fclose(out);
	return text;
}

static void check_field(const struct kind *kind, const struct field *field,
			const char *value)
{
	scoped_free char *first = NULL, *second = NULL;
	void *spec = spec_make(kind);
	struct err e = { 0 };

	must(spec);
	if (field_parse(field, spec, value, &e)) {
		must(e.code && e.text[0]);
	} else {
		first = canonical(field, spec);
		must(!field_parse(field, spec, first, &e));
		second = canonical(field, spec);
		must(!strcmp(first, second));
	}
	spec_free(kind, spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	scoped_free char *text = NULL, *value = NULL;
	const struct kind *kind;
	size_t count = 0;
	struct err e = { 0 };

	while (kinds[count])
		count++;
	if (size < 2)
		return 0;
	kind = kinds[data[0] % count];
	text = strndup((const char *)data + 2, size - 2);
	must(text);
	if (text_value(text, &value, &e)) {
		must(e.code && e.text[0] && (size_t)e.pos < size);
		return 0;
	}
	check_value(value);
	check_field(kind, &kind->fields[data[1] % kind_field_count(kind)],
		    value);
	return 0;
}
