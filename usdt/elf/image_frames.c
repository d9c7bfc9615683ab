// SPDX-License-Identifier: BSD-2-Clause
/*
 * image_frames.c - where functions begin, by the unwind table.
 *
 * .eh_frame_hdr is a table, sorted by address, of the functions that can be
 * unwound, kept even by strip(1) since exceptions need it (Linux Standard Base
 * Core, "Exception Frames").  Linkers write it in one form only: offsets of 32
 * bits from the table's own address.
 */
#include <string.h>

#include "usdt/elf/image_private.h"

enum {
	HEADER = 4, /* version and three encodings */
	COUNT_UDATA4 = 0x03, /* DW_EH_PE_udata4 */
	PCREL_SDATA4 = 0x1b,
	DATAREL_SDATA4 = 0x3b,
	ROW = 8, /* function, frame description */
};

struct frames {
	uint64_t file; /* offset of the first row */
	uint64_t address; /* of the table, from which rows count */
	uint64_t count;
};

static uint64_t relative(const struct image *image, uint64_t base,
			 const char *raw)
{
	return base + (uint64_t)(int64_t)(int32_t)image_number(image, raw, 4);
}

static bool frames_open(const struct image *image, struct frames *frames)
{
	static const unsigned char usual[HEADER] = {
		1,
		PCREL_SDATA4,
		COUNT_UDATA4,
		DATAREL_SDATA4,
	};
	const struct image_segment *table = &image->unwind;
	char raw[HEADER + 4 + 4];

	if (image_read(image, table->offset, raw, sizeof(raw)) ||
	    memcmp(raw, usual, HEADER) != 0)
		return false;
	frames->file = table->offset + sizeof(raw);
	frames->address = table->address;
	frames->count = image_number(image, raw + HEADER + 4, 4);
	return frames->count > 0 &&
	       image_holds(image, frames->file, frames->count * ROW);
}

/* Length of the function, or 0 when its description is of another form. */
static uint64_t frame_length(const struct image *image, uint64_t description,
			     uint64_t start)
{
	const struct image_segment *segment;
	uint64_t address = description + 8; /* behind length and CIE pointer */
	char raw[8];

	segment = image_segment_of(image, address);
	if (!segment ||
	    image_read(image, segment->offset + (address - segment->address),
		       raw, 8) ||
	    relative(image, address, raw) != start)
		return 0;
	return image_number(image, raw + 4, 4);
}

/* The last row that begins at the address or before it. */
static bool frames_search(const struct image *image,
			  const struct frames *frames, uint64_t address,
			  uint64_t *start, uint64_t *description)
{
	uint64_t low = 0, high = frames->count, middle, at;
	bool found = false;
	char raw[ROW];

	while (low < high) {
		middle = low + (high - low) / 2;
		if (image_read(image, frames->file + middle * ROW, raw, ROW))
			return false;
		at = relative(image, frames->address, raw);
		if (at > address) {
			high = middle;
			continue;
		}
		found = true;
		*start = at;
		*description = relative(image, frames->address, raw + 4);
		low = middle + 1;
	}
	return found;
}

bool image_frame_at(const struct image *image, uint64_t offset, uint64_t *start,
		    uint64_t *end)
{
	const struct image_segment *segment = image_segment_at(image, offset);
	uint64_t address, begin = 0, description = 0, length;
	struct frames frames;

	if (!segment || !frames_open(image, &frames))
		return false;
	address = segment->address + (offset - segment->offset);
	if (!frames_search(image, &frames, address, &begin, &description) ||
	    begin < segment->address)
		return false;
	length = frame_length(image, description, begin);
	if (length && address - begin >= length)
		return false;
	*start = segment->offset + (begin - segment->address);
	*end = length ? *start + length : 0;
	return true;
}
