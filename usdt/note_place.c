// SPDX-License-Identifier: BSD-2-Clause
/* note_place.c - where in the file the addresses of a note are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "usdt/note_find.h"

enum {
	SEMAPHORE = 2, /* bytes: unsigned short in sys/sdt.h */
	PAGE = 4096,
};

static int by_address(const void *a, const void *b)
{
	const struct image_segment *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	return 0;
}

int place_map_make(struct place_map *map, const struct image *image)
{
	const struct image_segment *segments;
	size_t count, i;

	*map = (struct place_map){ .image = image, .page = UINT64_MAX };
	segments = image_segments(image, &count);
	map->segment = calloc(count ? count : 1, sizeof(*map->segment));
	if (!map->segment)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		if (segments[i].memory_size)
			map->segment[map->count++] = segments[i];
	qsort(map->segment, map->count, sizeof(*map->segment), by_address);
	return 0;
}

void place_map_clear(struct place_map *map)
{
	free(map->segment);
	*map = (struct place_map){ 0 };
}

/* The last that begins at or before the address, if it holds it. */
static const struct image_segment *segment_of(const struct place_map *map,
					      uint64_t address)
{
	size_t low = 0, high = map->count, middle;
	const struct image_segment *segment;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (map->segment[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	segment = &map->segment[low - 1];
	return address - segment->address < segment->memory_size ? segment
								 : NULL;
}

/* size bytes from the address are in the file: sets *offset. */
static bool in_file(const struct place_map *map,
		    const struct image_segment *segment, uint64_t address,
		    uint64_t size, uint64_t *offset)
{
	uint64_t into = address - segment->address;

	if (image_is_debug(map->image) || into > segment->file_size ||
	    size > segment->file_size - into)
		return false;
	*offset = segment->offset + into;
	return true;
}

static enum place_fault probe_place(const struct place_map *map,
				    struct note *note)
{
	const struct image_segment *segment = segment_of(map, note->location);

	if (!segment)
		return FAULT_OUTSIDE;
	if (!(segment->flags & PF_X))
		return FAULT_NOT_TEXT;
	if (!in_file(map, segment, note->location, 1, &note->offset))
		return FAULT_NOT_IN_FILE;
	return image_code_end(map->image, note->offset) ? FAULT_OK
							: FAULT_NOT_CODE;
}

static bool maps_page(const struct image_segment *segment, uint64_t page)
{
	return segment->flags & PF_W && segment->file_size > 0 &&
	       segment->offset / PAGE <= page &&
	       page <= (segment->offset + segment->file_size - 1) / PAGE;
}

static bool is_twice(struct place_map *map, uint64_t offset)
{
	size_t i, writable = 0;

	if (map->page != offset / PAGE) {
		map->page = offset / PAGE;
		for (i = 0; i < map->count; i++)
			writable += maps_page(&map->segment[i], map->page);
		map->page_twice = writable > 1;
	}
	return map->page_twice;
}

/*
 * In .bss, but in the last page of what is mapped of the file, where the kernel
 * can count.  A process that starts later clears it after the mapping:
 * fs/binfmt_elf.c, padzero(), and the dynamic linker.  Where the page is
 * another segment's as well, the kernel might count in that.
 */
static bool in_tail(struct place_map *map, const struct image_segment *segment,
		    uint64_t address, uint64_t *offset)
{
	uint64_t into = address - segment->address, end;

	if (image_is_debug(map->image) || !segment->file_size ||
	    segment->offset > INT64_MAX || into < segment->file_size)
		return false;
	end = (segment->offset + segment->file_size - 1) / PAGE * PAGE + PAGE;
	*offset = segment->offset + into;
	return *offset < end && end - *offset >= SEMAPHORE &&
	       !is_twice(map, *offset);
}

/* The kernel's own terms: kernel/events/uprobes.c, valid_ref_ctr_vma(). */
static enum place_fault semaphore_place(struct place_map *map,
					struct note *note)
{
	const struct image_segment *segment = segment_of(map, note->semaphore);
	uint64_t offset;

	if (!segment)
		return FAULT_OUTSIDE;
	if (!(segment->flags & PF_W))
		return segment->flags & PF_X ? FAULT_TEXT : FAULT_READ_ONLY;
	if (!in_file(map, segment, note->semaphore, SEMAPHORE, &offset)) {
		if (!in_tail(map, segment, note->semaphore, &offset))
			return FAULT_NOT_IN_FILE;
		note->semaphore_cleared = true;
	}
	if (offset % SEMAPHORE)
		return FAULT_ODD;
	note->semaphore_offset = offset;
	return FAULT_OK;
}

void place_map_note(struct place_map *map, struct note *note)
{
	note->fault = (uint8_t)probe_place(map, note);
	if (!note->semaphore)
		return;
	note->semaphore_fault = (uint8_t)semaphore_place(map, note);
	if (note->semaphore_fault == FAULT_OK)
		note->semaphore_twice = is_twice(map, note->semaphore_offset);
}

const char *place_fault_text(unsigned int fault)
{
	static const char *const texts[] = {
		[FAULT_OUTSIDE] = "in no segment of the file",
		[FAULT_NOT_TEXT] = "in a segment that is not executable",
		[FAULT_NOT_CODE] = "in no section of instructions",
		[FAULT_NOT_IN_FILE] = "not in the file, only in memory",
		[FAULT_READ_ONLY] = "in a segment that is not writable",
		[FAULT_TEXT] = "among the instructions",
		[FAULT_ODD] = "at an odd offset",
	};

	return fault < COUNT(texts) ? texts[fault] : NULL;
}
