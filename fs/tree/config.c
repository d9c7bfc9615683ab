// SPDX-License-Identifier: BSD-2-Clause
/* config.c - the texts of a probe and what they say. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/config.h"
#include "scope.h"

static const char blanks[] = " \t\r\v\f";

/* The next line that says something, trimmed; NULL at the end. */
static char *next_line(char **rest)
{
	char *line, *end;

	while ((line = strsep(rest, "\n"))) {
		line += strspn(line, blanks);
		if (!*line || *line == '#')
			continue;
		end = line + strlen(line);
		while (strchr(blanks, end[-1]))
			end--;
		*end = '\0';
		return line;
	}
	return NULL;
}

int text_value(const char *text, char **value, struct err *e)
{
	scoped_free char *copy = strdup(text);
	char *rest = copy, *line, *more;

	if (!copy)
		return fail(e, ENOMEM, "no memory");
	line = next_line(&rest);
	more = line ? next_line(&rest) : NULL;
	if (more)
		return fail_at(e, EINVAL, (size_t)(more - copy),
			       "more than one line; a file holds one value");
	*value = strdup(line ? line : "");
	return *value ? 0 : fail(e, ENOMEM, "no memory");
}

/* A field's text is its value as the kind writes it, and a newline. */
static int text_of_field(const struct field *field, const void *spec,
			 char **text)
{
	size_t size;
	FILE *out = open_memstream(text, &size);

	if (!out)
		return -ENOMEM;
	field_show(field, spec, out);
	if (ftell(out) > 0)
		fputc('\n', out);
	if (fclose(out))
		return -ENOMEM;
	return 0;
}

static int texts_from_spec(struct config *config, const void *spec)
{
	const struct field *fields = config->kind->fields;
	size_t i;
	int err;

	for (i = 0; fields[i].name; i++) {
		err = text_of_field(&fields[i], spec,
				    &config->texts[TEXT_FIELDS + i]);
		if (err)
			return err;
	}
	return 0;
}

int config_make(const struct kind *kind, const char *name,
		struct config *config, struct err *e)
{
	void *spec = spec_make(kind);
	int err;

	*config = (struct config){ .kind = kind, .name = strdup(name) };
	if (!spec || !config->name)
		err = fail(e, ENOMEM, "no memory");
	else
		err = kind->parse(name, spec, e);
	if (!err && texts_from_spec(config, spec))
		err = fail(e, ENOMEM, "no memory");
	spec_free(kind, spec);
	if (err)
		config_clear(config);
	return err;
}

void config_clear(struct config *config)
{
	size_t i;

	free(config->name);
	free(config->error);
	for (i = 0; i < TEXT_MAX; i++)
		free(config->texts[i]);
	*config = (struct config){ 0 };
}

static bool copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return *to || !from;
}

int config_copy(const struct config *config, struct config *copy)
{
	bool whole;
	size_t i;

	*copy = *config;
	copy->error = NULL;
	memset(copy->texts, 0, sizeof(copy->texts));
	whole = copy_text(&copy->name, config->name) &&
		copy_text(&copy->error, config->error);
	for (i = 0; i < TEXT_MAX && whole; i++)
		whole = copy_text(&copy->texts[i], config->texts[i]);
	if (!whole)
		config_clear(copy);
	return whole ? 0 : -ENOMEM;
}

static int parse_field(const struct field *field, void *spec, const char *text,
		       struct err *e)
{
	scoped_free char *value = NULL;
	int err;

	if (!text)
		return 0;
	err = text_value(text, &value, e);
	return err ? err : field_parse(field, spec, value, e);
}

int config_spec(const struct kind *kind, char *const texts[TEXT_MAX],
		void **spec, struct err *e)
{
	const struct field *fields = kind->fields;
	void *made = spec_make(kind);
	size_t i;
	int err = 0;

	if (!made)
		return fail(e, ENOMEM, "no memory");
	for (i = 0; fields[i].name && !err; i++)
		err = parse_field(&fields[i], made, texts[TEXT_FIELDS + i], e);
	if (err)
		spec_free(kind, made);
	else
		*spec = made;
	return err;
}

uint64_t text_number(const char *text, uint64_t fallback)
{
	scoped_free char *value = NULL;
	uint64_t number;

	if (!text || text_value(text, &value, NULL) || !value[0] ||
	    type_u64.parse(&number, value, NULL))
		return fallback;
	return number;
}

char *text_condition(char *value)
{
	static const char between[] = " if ";
	char *at = NULL, *next = value;

	while ((next = strstr(next, between)))
		at = next++;
	if (!at)
		return NULL;
	*at = '\0';
	return at + strlen(between);
}
