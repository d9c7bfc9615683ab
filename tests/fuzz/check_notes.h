/* SPDX-License-Identifier: BSD-2-Clause */
/* check_notes.h - what must hold for the notes of any file. */
#ifndef CHECK_NOTES_H
#define CHECK_NOTES_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "usdt/args.h"
#include "usdt/elf/image.h"
#include "usdt/note.h"

static inline void must(bool good)
{
	if (!good)
		abort();
}

/* A line has five fields whatever the names hold. */
static inline void check_line(const struct note *note)
{
	char *line;
	size_t size, i, tabs = 0;
	FILE *out = open_memstream(&line, &size);

	note_show(note, out);
	fclose(out);
	for (i = 0; i < size; i++)
		tabs += line[i] == '\t';
	must(tabs == 4 && memchr(line, '\n', size) == line + size - 1);
	free(line);
}

static inline void check_note(const struct image *image,
			      const struct notes *notes,
			      const struct note *note)
{
	struct usdt_args args;
	struct usdt_arg arg;
	char byte[2];

	must(note->name[0] && strlen(note->provider) < NOTES_BYTES);
	if (!note->fault)
		must(!image_read(image, note->offset, byte, 1));
	must(note->semaphore_offset % 2 == 0);
	if (!note->semaphore_fault && note->semaphore_offset &&
	    !note->semaphore_cleared)
		must(!image_read(image, note->semaphore_offset, byte, 2));
	must((place_fault_text(note->fault) != NULL) == (note->fault != 0));
	check_line(note);
	usdt_args_begin(&args, notes->machine, notes->class, note->args);
	while (usdt_args_next(&args, &arg))
		must(arg.length > 0);
}

static inline void check_notes(int fd)
{
	const struct note *note = NULL;
	struct image *image;
	struct notes *notes;
	struct err e = { .code = -1 };
	size_t count = 0, i;

	if (image_open(fd, &image, &e)) {
		must(e.code > 0 && e.text[0]);
		return;
	}
	must(!notes_read(image, &notes, &e));
	while ((note = notes_next(notes, note, NULL, NULL))) {
		check_note(image, notes, note);
		count++;
	}
	must(count == notes->count && count <= NOTES_COUNT);
	for (i = 0; i < notes->nfaults && i < NOTES_FAULTS; i++)
		must(notes->faults[i].text[0]);
	notes_free(notes);
	image_close(image);
}

#endif
