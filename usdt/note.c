// SPDX-License-Identifier: BSD-2-Clause
/*
 * note.c - reading the notes of static probes.
 *
 * A note, as sys/sdt.h writes it for each probe in a program's source: a header
 * of three 32-bit numbers (sizes of owner and description, type 3), the owner
 * "stapsdt", and the description: three addresses, then three strings.
 *
 *	location   of a nop, which a probe replaces by a breakpoint
 *	base       of the section .stapsdt.base, when the note was linked
 *	semaphore  a counter; the program skips the work for the arguments
 *	           while it is 0
 *	provider, name, arguments
 *
 * Addresses have the width of the file's class.  prelink moves a file's
 * sections without knowing of notes: the difference between base and where
 * .stapsdt.base is now tells by how much.  A base of 0 tells nothing, nor does
 * a section at 0, which is one that is not loaded.
 *
 * Files come from anybody.  Sizes are checked before they are believed, in 64
 * bits, where sums of two 32-bit numbers do not wrap (note_walk.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"
#include "usdt/elf/image_private.h"
#include "usdt/note_find.h"
#include "usdt/note_walk.h"

/* What is the same for all notes of a file. */
struct reader {
	const struct image *image;
	struct notes *notes;
	struct place_map places;
	uint64_t base; /* where .stapsdt.base is now; 0: it tells nothing */
	size_t room; /* notes that may still come */
	size_t bytes; /* of areas, unpacked, that may still come */
};

static void fault(struct notes *notes, uint64_t offset, const char *text)
{
	if (!text)
		return;
	if (notes->nfaults < NOTES_FAULTS)
		notes->faults[notes->nfaults] =
			(struct note_fault){ .offset = offset, .text = text };
	notes->nfaults++;
}

/* The string at *at and what is behind it; NULL when it has no end. */
static const char *string(const char **at, const char *end)
{
	const char *start = *at;
	const char *nul = memchr(start, '\0', (size_t)(end - start));

	if (!nul)
		return NULL;
	*at = nul + 1;
	return start;
}

/* NULL, or what is wrong with the note. */
static const char *parse(const struct reader *reader, const char *desc,
			 size_t size, struct note *note)
{
	size_t width = reader->image->class == ELFCLASS64 ? 8 : 4;
	const char *at = desc + 3 * width, *end = desc + size;
	uint64_t base, shift;

	if (size < 3 * width)
		return "a note that is too short for its addresses";
	*note = (struct note){
		.location = image_number(reader->image, desc, width),
		.semaphore =
			image_number(reader->image, desc + 2 * width, width),
	};
	base = image_number(reader->image, desc + width, width);
	shift = base && reader->base ? reader->base - base : 0;
	note->location += shift;
	if (note->semaphore)
		note->semaphore += shift;
	if (width == 4) {
		note->location = (uint32_t)note->location;
		note->semaphore = (uint32_t)note->semaphore;
	}
	note->provider = string(&at, end);
	note->name = note->provider ? string(&at, end) : NULL;
	note->args = note->name ? string(&at, end) : NULL;
	if (!note->args)
		return "a note with a string that does not end";
	return *note->name ? NULL : "a note without a name";
}

/* In the file; of a compressed section, as if it were not. */
static uint64_t offset_of(const struct note_walk *walk, const char *at)
{
	return walk->area->offset + (uint64_t)(at - walk->start);
}

/* The next good note, or false at the end; faults only when they are wanted. */
static bool read_next(struct reader *reader, struct note_walk *walk, bool tell,
		      struct note *note)
{
	const char *at, *desc, *wrong;
	size_t size;

	while (note_walk_next(walk, reader->image, &at, &desc, &size)) {
		if (note_is_ours(reader->image, at))
			wrong = parse(reader, desc, size, note);
		else if (walk->area->mixed)
			continue;
		else
			wrong = "a note of another owner or type";
		if (!wrong)
			return true;
		if (tell)
			fault(reader->notes, offset_of(walk, at), wrong);
	}
	if (tell)
		fault(reader->notes, offset_of(walk, walk->fault_at),
		      walk->fault);
	return false;
}

static size_t count_notes(struct reader *reader, struct note_walk walk)
{
	struct note note;
	size_t count = 0;

	while (count < reader->room && read_next(reader, &walk, false, &note))
		count++;
	reader->room -= count;
	return count;
}

static void fill_notes(struct reader *reader, struct note_walk walk,
		       size_t count)
{
	struct notes *notes = reader->notes;
	struct note *note;
	struct note dropped;

	for (; count > 0; count--) {
		note = &notes->note[notes->count];
		if (!read_next(reader, &walk, true, note))
			return;
		place_map_note(&reader->places, note);
		notes->count++;
	}
	if (read_next(reader, &walk, true, &dropped))
		fault(notes, offset_of(&walk, walk.at),
		      "more notes than is sensible; the rest is left out");
}

/* What the file has of the area, and no more than there is room for. */
static uint64_t area_size(struct reader *reader, const struct note_area *area)
{
	uint64_t size = area->size, file = reader->image->size;
	uint64_t has = area->offset < file ? file - area->offset : 0;

	if (size > has) {
		fault(reader->notes, area->offset,
		      "a section of notes that leaves the file");
		size = has;
	}
	if (size > reader->bytes) {
		fault(reader->notes, area->offset,
		      "more bytes of notes than is sensible; the rest is left "
		      "out");
		size = reader->bytes;
	}
	return size;
}

/* The bytes of the area, for free(); *size may be 0. */
static int area_read(struct reader *reader, const struct note_area *area,
		     char **out, size_t *size)
{
	scoped_free char *buffer = NULL;
	const char *wrong = NULL;
	char *unpacked = NULL;
	int r;

	*size = area_size(reader, area);
	buffer = malloc(*size ? *size : 1);
	if (!buffer)
		return -ENOMEM;
	r = *size ? image_read(reader->image, area->offset, buffer, *size) : 0;
	if (r)
		return r;
	if (area->compressed) {
		unpacked = note_inflate(reader->image, buffer, *size,
					reader->bytes / 2, size, &wrong);
		*size = unpacked ? *size : 0;
		fault(reader->notes, area->offset, wrong);
	}
	reader->bytes -= *size;
	*out = unpacked ? unpacked : take(buffer);
	return 0;
}

static int read_areas(struct reader *reader)
{
	struct notes *notes = reader->notes;
	struct note_area areas[NOTES_SECTIONS];
	struct note_walk walks[NOTES_SECTIONS];
	size_t counts[NOTES_SECTIONS], count, size, i, total = 0;
	const char *wrong;
	int r;

	count = note_areas(reader->image, areas, &wrong);
	fault(notes, 0, wrong);
	for (i = 0; i < count; i++) {
		r = area_read(reader, &areas[i], &notes->strings[i], &size);
		if (r)
			return r;
		notes->nstrings = i + 1;
		notes->bytes += size;
		walks[i] = (struct note_walk){
			.area = &areas[i],
			.start = notes->strings[i],
			.at = notes->strings[i],
			.end = notes->strings[i] + size,
		};
		counts[i] = count_notes(reader, walks[i]);
		total += counts[i];
	}
	notes->note = calloc(total ? total : 1, sizeof(*notes->note));
	if (!notes->note)
		return -ENOMEM;
	notes->bytes += total * sizeof(*notes->note);
	for (i = 0; i < count; i++)
		fill_notes(reader, walks[i], counts[i]);
	return 0;
}

static int read_all(struct image *image, struct notes *notes)
{
	struct reader reader = {
		.image = image,
		.notes = notes,
		.room = NOTES_COUNT,
		.bytes = NOTES_BYTES,
	};
	struct image_section base;
	const char *id = image_build_id(image);
	int r;

	notes->build_id = id ? strdup(id) : NULL;
	if (id && !notes->build_id)
		return -ENOMEM;
	r = place_map_make(&reader.places, image);
	if (r)
		return r;
	reader.base =
		image_section(image, ".stapsdt.base", &base) ? base.address : 0;
	r = read_areas(&reader);
	place_map_clear(&reader.places);
	return r;
}

int notes_read(struct image *image, struct notes **out, struct err *e)
{
	struct notes *notes = calloc(1, sizeof(*notes));
	int r;

	if (!notes)
		return fail(e, ENOMEM, "no memory for its probes");
	notes->machine = image_machine(image);
	notes->type = image_type(image);
	notes->class = image_class(image);
	notes->order = image_order(image);
	notes->bytes = sizeof(*notes);
	r = read_all(image, notes);
	if (r) {
		notes_free(notes);
		return fail(e, -r, "cannot read its probes: %s",
			    strerror(errno_clamp(-r)));
	}
	*out = notes;
	return 0;
}

void notes_free(struct notes *notes)
{
	size_t i;

	if (!notes)
		return;
	for (i = 0; i < notes->nstrings; i++)
		free(notes->strings[i]);
	free(notes->note);
	free(notes->build_id);
	free(notes);
}
