// SPDX-License-Identifier: BSD-2-Clause
/* words.c - fields that take one of a few words. */
#include <errno.h>
#include <string.h>

#include "attach/kind/words.h"

enum { LISTED = 256 };

/* "ingress or egress": the words that there are. */
static void list_words(const struct word *words, char text[LISTED])
{
	const struct word *word;
	size_t used = 0;

	text[0] = '\0';
	for (word = words; word->text && used < LISTED; word++)
		used += (size_t)snprintf(
			text + used, LISTED - used, "%s%s",
			used ? word[1].text ? ", " : " or " : "", word->text);
}

int word_parse(const struct word *words, const char *text, struct span span,
	       uint32_t *place, struct err *e)
{
	size_t length = span.end - span.start;
	char listed[LISTED];
	uint32_t i;

	for (i = 0; words[i].text; i++) {
		if (strlen(words[i].text) == length &&
		    !memcmp(words[i].text, text + span.start, length)) {
			*place = i + 1;
			return 0;
		}
	}
	list_words(words, listed);
	return fail_at(e, EINVAL, span.start, "'%.*s' is none of %s",
		       (int)length, text + span.start, listed);
}

void word_show(const struct word *words, uint32_t place, FILE *out)
{
	if (place)
		fputs(words[place - 1].text, out);
}

void word_list(const struct word *words, FILE *out)
{
	for (; words->text; words++)
		fprintf(out, "%s\n", words->text);
}

void word_clear(void *place)
{
	*(uint32_t *)place = 0;
}
