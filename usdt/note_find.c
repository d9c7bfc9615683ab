// SPDX-License-Identifier: BSD-2-Clause
/* note_find.c - the parts of a file that hold notes of static probes. */
#include <stdlib.h>
#include <string.h>

#include "scope.h"
#include "usdt/elf/image_private.h"
#include "usdt/note_find.h"

enum {
	CHUNK = 1 << 16,
	/* A file without any table is searched no further than this. */
	SCAN = 256 << 20,
	NOTE_STAPSDT = 3, /* n_type; sys/sdt.h */
};

static const char owner[] = "stapsdt";

static bool add(struct note_area *areas, size_t *count, struct note_area area,
		const char **fault)
{
	size_t i;

	if (area.size == 0)
		return true;
	/* Two headers for the same bytes would give every probe twice. */
	for (i = 0; i < *count; i++)
		if (areas[i].offset == area.offset)
			return true;
	if (*count == NOTES_SECTIONS) {
		*fault = "more sections of notes than is sensible";
		return false;
	}
	areas[(*count)++] = area;
	return true;
}

static size_t by_section(const struct image *image, struct note_area *areas,
			 const char **fault)
{
	const struct section *section = image->sections;
	const struct section *end = section + image->nsections;
	size_t count = 0;
	bool named;

	for (; section < end; section++) {
		named = !strcmp(section->name, ".note.stapsdt");
		/* Where the names are lost any section of notes may be it. */
		if (section->where.type != SHT_NOTE ||
		    (!named && section->name[0]))
			continue;
		if (!add(areas, &count,
			 (struct note_area){
				 .offset = section->where.offset,
				 .size = section->where.size,
				 .align = section->where.align == 8 ? 8 : 4,
				 .mixed = !named,
				 .compressed =
					 section->where.flags & SHF_COMPRESSED,
			 },
			 fault))
			break;
	}
	return count;
}

static size_t by_segment(const struct image *image, struct note_area *areas,
			 const char **fault)
{
	size_t total = 0, i, count = 0;
	GElf_Phdr segment;

	if (elf_getphdrnum(image->elf, &total))
		return 0;
	for (i = 0; i < total; i++) {
		if (!gelf_getphdr(image->elf, (int)i, &segment) ||
		    segment.p_type != PT_NOTE)
			continue;
		if (!add(areas, &count,
			 (struct note_area){
				 .offset = segment.p_offset,
				 .size = segment.p_filesz,
				 .align = segment.p_align == 8 ? 8 : 4,
				 .mixed = true,
			 },
			 fault))
			break;
	}
	return count;
}

/* The length of the note at the offset, padding included; 0 if it is none. */
static uint64_t note_length(const struct image *image, uint64_t offset)
{
	char raw[sizeof(Elf64_Nhdr) + sizeof(owner)];
	uint64_t size;

	if (image_read(image, offset, raw, sizeof(raw)) ||
	    memcmp(raw + sizeof(Elf64_Nhdr), owner, sizeof(owner)) != 0 ||
	    ELF_GET(image, raw, Nhdr, n_namesz) != sizeof(owner) ||
	    ELF_GET(image, raw, Nhdr, n_type) != NOTE_STAPSDT)
		return 0;
	size = ELF_GET(image, raw, Nhdr, n_descsz);
	if (!image_holds(image, offset + sizeof(raw), size))
		return 0;
	return sizeof(raw) + ((size + 3) & ~(uint64_t)3);
}

/* The same with what is before it, when notes are padded to 8. */
static uint64_t padded_length(const struct image *image, uint64_t offset)
{
	uint64_t length = note_length(image, offset);

	if (length)
		return length;
	length = note_length(image, offset + 4);
	return length ? length + 4 : 0;
}

/* Of notes that follow one another from there. */
static uint64_t run_length(const struct image *image, uint64_t offset)
{
	uint64_t length = 0, note;

	while (length < NOTES_BYTES &&
	       (note = padded_length(image, offset + length)))
		length += note;
	if (length > image->size - offset)
		length = image->size - offset;
	return length;
}

/* The first note in the file from there on, or its size. */
static uint64_t scan_next(const struct image *image, uint64_t offset,
			  uint64_t end, char *chunk)
{
	size_t keep = sizeof(Elf64_Nhdr) + sizeof(owner), size;
	const char *at;

	for (; offset + keep <= end; offset += size - keep + 1) {
		size = end - offset < CHUNK ? end - offset : CHUNK;
		if (image_read(image, offset, chunk, size))
			break;
		at = memmem(chunk + sizeof(Elf64_Nhdr),
			    size - sizeof(Elf64_Nhdr), owner, sizeof(owner));
		if (!at)
			continue;
		offset += (uint64_t)(at - chunk) - sizeof(Elf64_Nhdr);
		if (note_length(image, offset))
			return offset;
		/* Search on from behind this one. */
		size = keep;
	}
	return end;
}

static size_t by_scan(const struct image *image, struct note_area *areas,
		      const char **fault)
{
	uint64_t end = image->size < SCAN ? image->size : SCAN;
	scoped_free char *chunk = malloc(CHUNK);
	struct note_area area = { .align = 4 };
	size_t count = 0;

	if (!chunk)
		return 0;
	for (;;) {
		area.offset += area.size;
		area.offset = scan_next(image, area.offset, end, chunk);
		if (area.offset >= end)
			break;
		area.size = run_length(image, area.offset);
		if (!add(areas, &count, area, fault))
			break;
	}
	return count;
}

/* True when the segments of notes have one of ours. */
static bool has_ours(const struct image *image, const struct note_area *areas,
		     size_t count)
{
	scoped_free char *buffer = malloc(CHUNK);
	size_t i, size;

	for (i = 0; buffer && i < count; i++) {
		size = areas[i].size < CHUNK ? areas[i].size : CHUNK;
		if (!image_read(image, areas[i].offset, buffer, size) &&
		    memmem(buffer, size, owner, sizeof(owner)))
			return true;
	}
	return false;
}

size_t note_areas(const struct image *image, struct note_area *areas,
		  const char **fault)
{
	size_t count;

	*fault = image->sections_fault;
	if (image->nsections > 0)
		return by_section(image, areas, fault);
	count = by_segment(image, areas, fault);
	if (has_ours(image, areas, count))
		return count;
	return by_scan(image, areas, fault);
}
