// SPDX-License-Identifier: BSD-2-Clause
/* config_text.c - all texts of a probe as one. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/config_text.h"
#include "scope.h"

static const char blanks[] = " \t\r\v\f";

/* In the order of their lines, which is one that could be written singly. */
static const struct {
	unsigned int slot;
	const char *key;
	const char *fallback;
	bool in_file;
} common[] = {
	{ TEXT_COOKIE, "cookie", "0", false },
	{ TEXT_PIN, "pin", "", false },
	{ TEXT_ENABLED, "enabled", "1", false },
	{ TEXT_FOLLOW, "follow", "0", true },
	{ TEXT_ATTACH, "attach", "", false },
};

enum {
	NCOMMON = sizeof(common) / sizeof(common[0]),
	LONGEST = 32, /* bytes of a key that are told */
};

static size_t row_of(unsigned int slot)
{
	size_t row = 0;

	while (row < NCOMMON && common[row].slot != slot)
		row++;
	return row;
}

const char *config_key(const struct kind *kind, unsigned int slot)
{
	size_t row;

	if (slot >= TEXT_FIELDS)
		return slot - TEXT_FIELDS < kind_field_count(kind)
			       ? kind->fields[slot - TEXT_FIELDS].name
			       : NULL;
	row = row_of(slot);
	if (row == NCOMMON || (common[row].in_file && !kind->open))
		return NULL;
	return common[row].key;
}

/* Finding lines */

static unsigned int slot_of(const struct kind *kind, const char *key,
			    size_t length)
{
	unsigned int slot;
	const char *name;

	for (slot = 0; slot < TEXT_MAX; slot++) {
		name = config_key(kind, slot);
		if (name && strlen(name) == length &&
		    !memcmp(name, key, length))
			return slot;
	}
	return TEXT_NONE;
}

static void add_key(char *keys, size_t size, const char *key)
{
	size_t used = strlen(keys);

	if (key)
		snprintf(keys + used, size - used, "%s%s", used ? ", " : "",
			 key);
}

static int fail_key(const struct kind *kind, const struct config_line *line,
		    size_t at, size_t length, struct err *e)
{
	char keys[ERR_TEXT / 2] = "";
	unsigned int slot;
	size_t row;

	for (slot = TEXT_FIELDS; slot < TEXT_MAX; slot++)
		add_key(keys, sizeof(keys), config_key(kind, slot));
	for (row = 0; row < NCOMMON; row++)
		add_key(keys, sizeof(keys), config_key(kind, common[row].slot));
	return fail_at(
		e, EINVAL, at,
		"line %u: '%.*s' is no file that is written; those are %s",
		line->number, (int)(length > LONGEST ? LONGEST : length),
		line->text + at, keys);
}

static size_t trim(const char *text, size_t from, size_t end)
{
	while (end > from && strchr(blanks, text[end - 1]))
		end--;
	return end;
}

static size_t skip(const struct config_line *line, size_t from)
{
	while (from < line->length && strchr(blanks, line->text[from]))
		from++;
	return from;
}

static int take_line(const struct kind *kind, struct config_line *line,
		     size_t key, struct config_lines *lines, struct err *e)
{
	const char *colon = memchr(line->text, ':', line->length);
	unsigned int slot;
	size_t end;

	if (!colon)
		return fail_at(e, EINVAL, key,
			       "line %u: no colon; write 'file: value'",
			       line->number);
	end = trim(line->text, key, (size_t)(colon - line->text));
	slot = slot_of(kind, line->text + key, end - key);
	if (slot == TEXT_NONE)
		return fail_key(kind, line, key, end - key, e);
	if (lines->of[slot].number)
		return fail_at(e, EINVAL, key,
			       "line %u: '%s' is in line %u already",
			       line->number, config_key(kind, slot),
			       lines->of[slot].number);
	line->value = skip(line, (size_t)(colon - line->text) + 1);
	line->end = trim(line->text, line->value, line->length);
	if (line->end > line->value && line->text[line->value] == '#')
		return fail_at(
			e, EINVAL, line->value,
			"line %u: a value cannot begin with '#'; a comment has a line of its own",
			line->number);
	lines->of[slot] = *line;
	return 0;
}

int config_lines_find(const struct kind *kind, const char *text,
		      struct config_lines *lines, struct err *e)
{
	struct config_line *line = &lines->fault;
	const char *next = text;
	size_t key;
	int err = 0;

	*lines = (struct config_lines){ .fault.number = 0 };
	while (*next && !err) {
		line->text = next;
		line->length = strcspn(next, "\n");
		line->number++;
		next += line->length + (next[line->length] == '\n');
		key = skip(line, 0);
		if (key < line->length && line->text[key] != '#')
			err = take_line(kind, line, key, lines, e);
	}
	if (!err)
		line->number = 0;
	return err;
}

static int text_of_line(const struct config_line *line, char **text)
{
	size_t length = line->end - line->value;

	free(*text);
	*text = NULL;
	if (length &&
	    asprintf(text, "%.*s\n", (int)length, line->text + line->value) < 0)
		return -ENOMEM;
	return 0;
}

int config_lines_texts(const struct config_lines *lines,
		       const struct kind *kind, const char *name,
		       char *texts[TEXT_MAX], struct err *e)
{
	struct config config;
	size_t slot;
	int err = config_make(kind, name, &config, e);

	if (err)
		return err;
	for (slot = 0; slot < TEXT_MAX && !err; slot++)
		if (lines->of[slot].number)
			err = text_of_line(&lines->of[slot],
					   &config.texts[slot]);
	for (slot = 0; slot < TEXT_MAX && !err; slot++)
		texts[slot] = take(config.texts[slot]);
	config_clear(&config);
	return err ? fail(e, -err, "no memory") : 0;
}

/* Showing them */

static int field_default(const struct field *field, const struct kind *kind,
			 char **value)
{
	void *spec = spec_make(kind);
	size_t size;
	FILE *out = spec ? open_memstream(value, &size) : NULL;

	if (out)
		field_show(field, spec, out);
	spec_free(kind, spec);
	return out && !fclose(out) ? 0 : -ENOMEM;
}

/* What the file says, be it that nothing was ever written to it. */
static int value_of(const struct kind *kind, unsigned int slot,
		    const char *text, char **value)
{
	if (text)
		return text_value(text, value, NULL);
	if (slot >= TEXT_FIELDS)
		return field_default(&kind->fields[slot - TEXT_FIELDS], kind,
				     value);
	*value = strdup(common[row_of(slot)].fallback);
	return *value ? 0 : -ENOMEM;
}

bool config_same(const struct kind *kind, unsigned int slot, const char *a,
		 const char *b)
{
	scoped_free char *one = NULL, *other = NULL;

	return !value_of(kind, slot, a, &one) &&
	       !value_of(kind, slot, b, &other) && !strcmp(one, other);
}

/* What was written is what is. */
static bool is_true(const struct config *config)
{
	const struct kind *kind = config->kind;
	const char *text = config->texts[TEXT_CONFIG];
	char *texts[TEXT_MAX] = { NULL };
	struct config_lines lines;
	unsigned int slot;
	bool same =
		text && !config_lines_find(kind, text, &lines, NULL) &&
		!config_lines_texts(&lines, kind, config->name, texts, NULL);

	for (slot = 0; slot < TEXT_MAX; slot++) {
		if (same && config_key(kind, slot))
			same = config_same(kind, slot, texts[slot],
					   config->texts[slot]);
		free(texts[slot]);
	}
	return same;
}

static void show_line(const struct config *config, unsigned int slot, FILE *out)
{
	const char *key = config_key(config->kind, slot);
	scoped_free char *value = NULL;

	if (!key || value_of(config->kind, slot, config->texts[slot], &value))
		return;
	fprintf(out, "%s:%s%s\n", key, value[0] ? " " : "", value);
}

void config_show(const struct config *config, FILE *out)
{
	unsigned int slot;
	size_t row;

	if (is_true(config)) {
		fputs(config->texts[TEXT_CONFIG], out);
		return;
	}
	for (slot = TEXT_FIELDS; slot < TEXT_MAX; slot++)
		show_line(config, slot, out);
	for (row = 0; row < NCOMMON; row++)
		show_line(config, common[row].slot, out);
}
