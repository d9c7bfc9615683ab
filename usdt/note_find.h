/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * note_find.h - which parts of a file hold notes of static probes, where the
 * places are that they speak of.
 *
 * Private to usdt/note*.c.
 */
#ifndef USDT_NOTE_FIND_H
#define USDT_NOTE_FIND_H

#include "usdt/note.h"

struct note_area {
	uint64_t offset, size; /* in the file */
	size_t align; /* of the notes in it: 4 or 8 */
	bool mixed; /* notes of others are no fault */
	bool compressed;
};

/*
 * Fills areas[NOTES_SECTIONS] and returns how many there are; *fault is a
 * phrase when something was wrong, or NULL.
 */
size_t note_areas(const struct image *image, struct note_area *areas,
		  const char **fault);

/*
 * Unpacks a section with SHF_COMPRESSED into at most max bytes, and takes three
 * times as many for a while.  NULL with *fault when that cannot be; else *size
 * bytes for free().
 */
char *note_inflate(const struct image *image, char *packed, size_t packed_size,
		   size_t max, size_t *size, const char **fault);

/* Addresses to file offsets: the segments in the order of their addresses. */
struct place_map {
	struct image_segment *segment;
	size_t count;
	const struct image *image;
	uint64_t page; /* what was asked last: of this page, and the answer */
	bool page_twice;
};

/* The image must last as long as the map. */
int place_map_make(struct place_map *map, const struct image *image);
void place_map_clear(struct place_map *map);
/* Fills the offsets and faults of the note. */
void place_map_note(struct place_map *map, struct note *note);

#endif
