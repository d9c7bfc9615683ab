/* SPDX-License-Identifier: BSD-2-Clause */
/* build_notes.h - the notes of a file made in memory. */
#ifndef BUILD_NOTES_H
#define BUILD_NOTES_H

#include "fail.h"
#include "tests/unit/build_elf.h"
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

#endif
