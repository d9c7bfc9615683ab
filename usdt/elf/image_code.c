// SPDX-License-Identifier: BSD-2-Clause
/*
 * image_code.c - which parts of a file are instructions.
 *
 * A linker may put constants and tables into the segment that is executable
 * (ld -z noseparate-code does), so the sections are asked, where there are any.
 */
#include <errno.h>
#include <stdlib.h>

#include "usdt/elf/image_private.h"

static bool is_code(const struct image_section *section)
{
	return section->flags & SHF_EXECINSTR && section->size > 0;
}

static int by_start(const void *left, const void *right)
{
	const struct code *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

/* Sections that overlap are one: no linker makes them. */
static void merge(struct image *image)
{
	struct code *last, *next;
	size_t i, kept = 1;

	for (i = 1; i < image->ncode; i++) {
		last = &image->code[kept - 1];
		next = &image->code[i];
		if (next->start >= last->end)
			image->code[kept++] = *next;
		else if (next->end > last->end)
			last->end = next->end;
	}
	image->ncode = kept;
}

static void take_section(struct image *image, const struct image_section *from)
{
	if (!is_code(from))
		return;
	image->code_lacks |= from->type == SHT_NOBITS;
	if (from->type == SHT_NOBITS ||
	    !image_holds(image, from->offset, from->size))
		return;
	image->code[image->ncode++] = (struct code){
		.start = from->offset,
		.end = from->offset + from->size,
	};
}

int image_find_code(struct image *image, struct err *e)
{
	size_t i;

	if (image->nsections == 0)
		return 0;
	image->code = calloc(image->nsections, sizeof(*image->code));
	if (!image->code)
		return fail(e, ENOMEM, "no memory for the table of sections");
	for (i = 0; i < image->nsections; i++)
		take_section(image, &image->sections[i].where);
	if (image->ncode == 0)
		return 0;
	qsort(image->code, image->ncode, sizeof(*image->code), by_start);
	merge(image);
	return 0;
}

bool image_is_debug(const struct image *image)
{
	return image->code_lacks && image->ncode == 0;
}

static uint64_t end_of_section(const struct image *image, uint64_t offset)
{
	size_t low = 0, high = image->ncode, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (image->code[middle].start <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low && offset < image->code[low - 1].end
		       ? image->code[low - 1].end
		       : 0;
}

uint64_t image_code_end(const struct image *image, uint64_t offset)
{
	const struct image_segment *segment = image_segment_at(image, offset);

	if (!segment || !(segment->flags & PF_X) || image_is_debug(image))
		return 0;
	return image->ncode ? end_of_section(image, offset)
			    : segment->offset + segment->file_size;
}
