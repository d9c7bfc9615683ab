// SPDX-License-Identifier: BSD-2-Clause
/*
 * name.c - fuzzing the names that mkdir takes.
 *
 * The first byte chooses the kind.  What must hold: a refused name has a
 * sentence and a place in the name; of an accepted one, what each field shows
 * can be written to that field, and then shows the same.
 */
#include <errno.h>
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

static char *shown(const struct field *field, const void *spec)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(out);
	field_show(field, spec, out);
	fclose(out);
	return text;
}

static void check_accepted(const struct config *config)
{
	const struct kind *kind = config->kind;
	const struct field *field;
	void *spec, *again = spec_make(kind);
	struct err e;

	must(again && !config_spec(config, TEXT_NONE, NULL, &spec, &e));
	for (field = kind->fields; field->name; field++) {
		scoped_free char *before = shown(field, spec);
		scoped_free char *after = NULL;

		must(!field_parse(field, again, before, &e));
		after = shown(field, again);
		must(!strcmp(before, after));
	}
	spec_free(kind, spec);
	spec_free(kind, again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t count = 0;
	struct config config;
	struct err e = { 0 };
	char *name;
	int err;

	while (kinds[count])
		count++;
	if (size < 2 || size > 256 || memchr(data + 1, '\0', size - 1))
		return 0;
	name = strndup((const char *)data + 1, size - 1);
	must(name);
	err = config_make(kinds[data[0] % count], name, &config, &e);
	if (!err) {
		check_accepted(&config);
		config_clear(&config);
	} else {
		must(e.code == -err && e.text[0]);
		must(e.pos == ERR_NO_POS || (size_t)e.pos <= size);
	}
	free(name);
	return 0;
}
