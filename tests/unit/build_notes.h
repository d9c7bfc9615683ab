/* SPDX-License-Identifier: BSD-2-Clause */
/* build_notes.h - the notes of a file made in memory, and what is in them. */
#ifndef BUILD_NOTES_H
#define BUILD_NOTES_H

#include "fail.h"
#include "tests/unit/build_elf.h"
#include "tests/unit/check.h"
#include "usdt/note.h"

/* What build_usual() has at the offsets 0x1010 and 0x2010. */
#define TEXT 0x402010
#define DATA 0x405010

static inline struct bytes *notes_of(struct build *b)
{
	return &add_section(b, ".note.stapsdt", SHT_NOTE)->bytes;
}

/* NULL, and a sentence on stdout, when they cannot be read. */
static inline struct notes *read_build(struct build *b)
{
	struct bytes file = build(b);
	int fd = bytes_file(&file);
	struct notes *notes = NULL;
	struct image *image;
	struct err e;

	if (image_open(fd, &image, &e) == 0) {
		notes_read(image, &notes, &e);
		image_close(image);
	}
	close(fd);
	if (!notes)
		printf("note: %s\n", e.text);
	return notes;
}

/* clang-format off */
static const struct flavour {
	const char *name;
	int class, order;
	uint16_t type, machine;
} flavours[] = {
	{ "64 little", ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64 },
	{ "64 big", ELFCLASS64, ELFDATA2MSB, ET_DYN, EM_S390 },
	{ "32 little", ELFCLASS32, ELFDATA2LSB, ET_EXEC, EM_386 },
	{ "32 big", ELFCLASS32, ELFDATA2MSB, ET_EXEC, EM_PPC },
};
/* clang-format on */

static inline char *show_notes(const struct notes *notes)
{
	const struct note *note = NULL;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	while ((note = notes_next(notes, note, NULL, NULL)))
		note_show(note, out);
	fclose(out);
	return text;
}

static inline char *show_faults(const struct notes *notes)
{
	char *text;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);

	for (i = 0; i < notes->nfaults && i < NOTES_FAULTS; i++)
		fprintf(out, "%s\n", notes->faults[i].text);
	fclose(out);
	return text;
}

static inline void check_notes(const char *name, const struct flavour *f,
			       struct build *b, const char *want_lines,
			       const char *want_faults)
{
	struct notes *notes = read_build(b);
	char what[64], *text;

	snprintf(what, sizeof(what), "%s (%s)", name, f->name);
	check_true(what, notes);
	if (!notes)
		return;
	text = show_notes(notes);
	check_text(what, want_lines, text);
	free(text);
	text = show_faults(notes);
	check_text(what, want_faults, text);
	free(text);
	notes_free(notes);
}

#endif
