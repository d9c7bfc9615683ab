// SPDX-License-Identifier: BSD-2-Clause
/*
 * note_walk.c - from note to note.
 *
 * Not by gelf_getnote(3), which wants bytes that libelf has read, and converts
 * a copy: ours may be unpacked, or found by a scan, and live on without the
 * image.
 *
 * A note whose sizes leave its section ends the walk, as nothing tells where
 * the next one is.
 */
#include <string.h>

#include "usdt/elf/image_private.h"
#include "usdt/note_walk.h"

enum {
	NOTE_TYPE = 3,
};

static const char owner[] = "stapsdt";

static uint64_t padded(uint64_t size, size_t align)
{
	return (size + align - 1) & ~(uint64_t)(align - 1);
}

/* Ends the walk; trailing zeros are padding that some linkers leave. */
static bool walk_end(struct note_walk *walk, const char *text)
{
	const char *c = walk->at;

	while (c < walk->end && *c == '\0')
		c++;
	walk->fault = c < walk->end && !walk->area->mixed ? text : NULL;
	walk->fault_at = walk->at;
	walk->at = walk->end;
	return false;
}

/* libbpf takes an owner without its NUL, and bytes behind it, for the same. */
bool note_is_ours(const struct image *image, const char *note)
{
	uint64_t size = ELF_GET(image, note, Nhdr, n_namesz);
	const char *name = note + sizeof(Elf64_Nhdr);

	return ELF_GET(image, note, Nhdr, n_type) == NOTE_TYPE &&
	       size >= strlen(owner) && !memcmp(name, owner, strlen(owner)) &&
	       (size == strlen(owner) || !name[strlen(owner)]);
}

static bool ours_at(const struct note_walk *walk, const struct image *image,
		    uint64_t offset)
{
	uint64_t size = (uint64_t)(walk->end - walk->start);

	return offset < size &&
	       size - offset >= sizeof(Elf64_Nhdr) + sizeof(owner) &&
	       note_is_ours(image, walk->start + offset);
}

/*
 * Where the description of the note at the offset begins.  A section that is
 * aligned to 8 may have notes padded to 8, or to 4 if it was linked from parts
 * of both: then there is an address where the padding would be.
 */
static uint64_t desc_start(const struct note_walk *walk,
			   const struct image *image, uint64_t offset)
{
	static const char zeros[4];
	uint64_t size = (uint64_t)(walk->end - walk->start), end, four, eight;

	end = offset + sizeof(Elf64_Nhdr) +
	      ELF_GET(image, walk->start + offset, Nhdr, n_namesz);
	four = padded(end, 4);
	eight = padded(end, walk->area->align);
	if (four == eight || eight > size || !ours_at(walk, image, offset) ||
	    !memcmp(walk->start + four, zeros, sizeof(zeros)))
		return eight;
	return four;
}

/* The next note after a description; by the other padding if it is there. */
static uint64_t next_start(const struct note_walk *walk,
			   const struct image *image, uint64_t end)
{
	uint64_t next = padded(end, walk->area->align);
	uint64_t other = padded(end, walk->area->align == 8 ? 4 : 8);

	return !ours_at(walk, image, next) && ours_at(walk, image, other)
		       ? other
		       : next;
}

bool note_walk_next(struct note_walk *walk, const struct image *image,
		    const char **note, const char **desc, size_t *desc_size)
{
	uint64_t size = (uint64_t)(walk->end - walk->start), start, next;
	uint64_t at = (uint64_t)(walk->at - walk->start);

	walk->fault = NULL;
	if (size - at < sizeof(Elf64_Nhdr))
		return walk_end(walk, "bytes too few for a note");
	*desc_size = ELF_GET(image, walk->at, Nhdr, n_descsz);
	start = desc_start(walk, image, at);
	if (start > size || *desc_size > size - start)
		return walk_end(walk, "a note that is longer than its "
				      "section; what follows is lost");
	*note = walk->at;
	*desc = walk->start + start;
	next = next_start(walk, image, start + *desc_size);
	walk->at = next < size ? walk->start + next : walk->end;
	return true;
}
