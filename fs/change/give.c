// SPDX-License-Identifier: BSD-2-Clause
/* give.c - from what is written to texts, and back to where a fault is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/give.h"
#include "fs/change/last_error.h"
#include "scope.h"

/* A text that says nothing is the default; comments are kept as written. */
static int give(struct change *c, unsigned int slot, const char *text,
		struct err *e)
{
	bool says = text[strspn(text, " \t\r\v\f\n")];
	char *kept = says ? strdup(text) : NULL;

	if (says && !kept)
		return fail(e, ENOMEM, "no memory");
	change_tell(c, slot, kept);
	return 0;
}

/* Always looked at: what they refer to may have gone, or be another. */
static bool refers(unsigned int slot)
{
	return slot == TEXT_ATTACH || slot == TEXT_PIN;
}

/* What says what it has said stays as it is, byte for byte. */
static int give_lines(struct change *c, struct giving *giving, struct err *e)
{
	const struct config *config = &c->probe->config;
	const struct kind *kind = config->kind;
	char *texts[TEXT_MAX], *was;
	unsigned int slot;
	int err = config_lines_find(kind, giving->text, &giving->lines, e);

	if (!err)
		err = config_lines_texts(&giving->lines, kind, config->name,
					 texts, e);
	for (slot = 0; slot < TEXT_MAX && !err; slot++) {
		was = config->texts[slot];
		if (config_key(kind, slot) &&
		    (refers(slot) ||
		     !config_same(kind, slot, texts[slot], was)))
			change_tell(c, slot, take(texts[slot]));
		else
			free(texts[slot]);
	}
	return err;
}

int change_give(struct change *c, struct giving *giving, struct err *e)
{
	int err = give(c, giving->file->text, giving->text, e);

	return err || giving->file->text != TEXT_CONFIG
		       ? err
		       : give_lines(c, giving, e);
}

/* A fault of one file is one of its line. */
static void blame(const struct config_line *line, const char *key,
		  struct err *e)
{
	struct err of_file = *e;

	fail(e, of_file.code, "line %u, '%s': %s", line->number, key,
	     of_file.text);
	if (of_file.pos != ERR_NO_POS)
		e->pos = of_file.pos + (int)line->value;
}

static char *refusal_of_lines(const struct change *c,
			      const struct giving *giving, struct err *e)
{
	const struct config_lines *lines = &giving->lines;
	const struct config_line *line = &lines->fault;
	scoped_free char *input = NULL;

	if (!line->number && c->fault < TEXT_NONE) {
		line = &lines->of[c->fault];
		if (line->number)
			blame(line, config_key(c->probe->config.kind, c->fault),
			      e);
	}
	if (line->number)
		input = strndup(line->text, line->length);
	return last_error_text(giving->file->name, input ? input : "", e);
}

/* A place at fault is one in the value, not in the blanks around it. */
char *change_refusal(const struct change *c, const struct giving *giving,
		     struct err *e)
{
	scoped_free char *value = NULL;

	if (giving->file->text == TEXT_CONFIG)
		return refusal_of_lines(c, giving, e);
	if (text_value(giving->text, &value, NULL))
		return last_error_text(giving->file->name, giving->text, e);
	return last_error_text(giving->file->name, value, e);
}
