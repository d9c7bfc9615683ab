// SPDX-License-Identifier: BSD-2-Clause
/* note_list.c - finding and showing notes. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "pattern.h"
#include "usdt/note.h"

static bool matches(const char *text, const char *wanted, bool pattern)
{
	if (!wanted)
		return true;
	return pattern ? pattern_match(wanted, text) : !strcmp(text, wanted);
}

const struct note *notes_next(const struct notes *notes,
			      const struct note *prev, const char *provider,
			      const char *name)
{
	const struct note *note = prev ? prev + 1 : notes->note;
	const struct note *end = notes->note + notes->count;
	bool glob_provider = provider && pattern_is(provider);
	bool glob_name = name && pattern_is(name);

	for (; note < end; note++)
		if (matches(note->provider, provider, glob_provider) &&
		    matches(note->name, name, glob_name))
			return note;
	return NULL;
}

void note_show_text(const char *text, FILE *out)
{
	size_t plain;

	for (;;) {
		/* Control characters are rare: write what is between them. */
		plain = 0;
		while ((unsigned char)text[plain] >= ' ' &&
		       text[plain] != '\177')
			plain++;
		fwrite_unlocked(text, 1, plain, out);
		text += plain;
		if (!*text)
			return;
		fprintf(out, "\\%03o", (unsigned char)*text++);
	}
}

/* printf(3) would take most of the time of a long list. */
static void show_offset(uint64_t offset, unsigned int fault, FILE *out)
{
	char text[sizeof("\t0x") + 2 * sizeof(offset)];
	char *end = text + sizeof(text), *at = end;

	if (fault) {
		fwrite_unlocked("\t-", 1, 2, out);
		return;
	}
	do
		*--at = "0123456789abcdef"[offset % 16];
	while ((offset /= 16));
	at -= 3;
	memcpy(at, "\t0x", 3);
	fwrite_unlocked(at, 1, (size_t)(end - at), out);
}

void note_show(const struct note *note, FILE *out)
{
	note_show_text(note->provider, out);
	putc_unlocked('\t', out);
	note_show_text(note->name, out);
	show_offset(note->offset, note->fault, out);
	show_offset(note->semaphore_offset, note->semaphore_fault, out);
	putc_unlocked('\t', out);
	note_show_text(note->args, out);
	putc_unlocked('\n', out);
}
