// SPDX-License-Identifier: BSD-2-Clause
/* image_parts.c - finding things in an ELF file that is open. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "usdt/elf/image_private.h"

uint16_t image_machine(const struct image *image)
{
	return image->machine;
}

uint16_t image_type(const struct image *image)
{
	return image->type;
}

int image_class(const struct image *image)
{
	return image->class;
}

int image_order(const struct image *image)
{
	return image->order;
}

uint64_t image_size(const struct image *image)
{
	return image->size;
}

bool image_holds(const struct image *image, uint64_t offset, uint64_t size)
{
	return offset <= image->size && size <= image->size - offset;
}

uint64_t image_number(const struct image *image, const void *raw, size_t width)
{
	const unsigned char *at = raw;
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < width; i++)
		value = value << 8 |
			at[image->order == ELFDATA2MSB ? i : width - 1 - i];
	return value;
}

const char *image_build_id(const struct image *image)
{
	return image->build_id[0] ? image->build_id : NULL;
}

bool image_is_go(const struct image *image)
{
	return image->go;
}

const struct image_segment *image_segments(const struct image *image,
					   size_t *count)
{
	*count = image->nsegments;
	return image->segments;
}

const struct image_segment *image_segment_at(const struct image *image,
					     uint64_t offset)
{
	const struct image_segment *s;
	size_t i;

	for (i = 0; i < image->nsegments; i++) {
		s = &image->segments[i];
		if (offset >= s->offset && offset - s->offset < s->file_size)
			return s;
	}
	return NULL;
}

const struct image_segment *image_segment_of(const struct image *image,
					     uint64_t address)
{
	const struct image_segment *s;
	size_t i;

	for (i = 0; i < image->nsegments; i++) {
		s = &image->segments[i];
		if (address >= s->address &&
		    address - s->address < s->memory_size)
			return s;
	}
	return NULL;
}

struct section *section_find(const struct image *image, const char *name)
{
	size_t i;

	for (i = 0; i < image->nsections; i++)
		if (strcmp(image->sections[i].name, name) == 0)
			return &image->sections[i];
	return NULL;
}

struct section *section_of_type(const struct image *image, uint32_t type)
{
	size_t i;

	for (i = 0; i < image->nsections; i++)
		if (image->sections[i].where.type == type)
			return &image->sections[i];
	return NULL;
}

bool image_section(const struct image *image, const char *name,
		   struct image_section *section)
{
	const struct section *found = section_find(image, name);

	if (found)
		*section = found->where;
	return found;
}

bool image_count(struct image *image, uint64_t size)
{
	if (size > IMAGE_TABLE_BYTES - image->read)
		return false;
	image->read += size;
	return true;
}

static bool is_versions(uint32_t type)
{
	return type == SHT_GNU_verdef || type == SHT_GNU_verneed;
}

static int check_data(struct image *image, struct section *from, struct err *e)
{
	uint64_t size = from->where.size;

	if (from->where.type == SHT_NOBITS ||
	    (from->where.flags & SHF_COMPRESSED) ||
	    !image_holds(image, from->where.offset, size))
		return fail(e, ENOEXEC,
			    "its section '%s' is compressed or not within it",
			    from->name);
	if ((is_versions(from->where.type) && size > IMAGE_VERSION_BYTES) ||
	    (!from->counted && !image_count(image, size)))
		return fail(e, EFBIG,
			    "its section '%s' of %ju bytes is too "
			    "large to search",
			    from->name, (uintmax_t)size);
	from->counted = true;
	return 0;
}

Elf_Data *image_data(struct image *image, struct section *from, struct err *e)
{
	Elf_Data *data;

	if (check_data(image, from, e))
		return NULL;
	data = elf_getdata(from->scn, NULL);
	if (data && data->d_size == from->where.size &&
	    (data->d_buf || data->d_size == 0))
		return data;
	fail(e, EIO, "cannot read its section '%s': %s", from->name,
	     elf_errmsg(-1));
	return NULL;
}

bool image_strings(struct image *image, size_t index, struct err *e)
{
	struct section *section = NULL;
	const Elf_Data *data;
	const char *bytes;

	if (index < image->nsections)
		section = &image->sections[index];
	if (!section || section->where.type != SHT_STRTAB) {
		fail(e, ENOEXEC, "its section %zu has no strings", index);
		return false;
	}
	data = image_data(image, section, e);
	bytes = data ? data->d_buf : NULL;
	if (bytes && bytes[data->d_size - 1] == '\0')
		return true;
	if (data)
		fail(e, ENOEXEC, "its section '%s' does not end its strings",
		     section->name);
	return false;
}

void image_needed(struct image *image,
		  void (*each)(void *ctx, const char *library), void *ctx)
{
	struct section *dynamic = section_of_type(image, SHT_DYNAMIC);
	Elf_Data *entries;
	GElf_Dyn entry;
	const char *name;
	int i;

	if (!dynamic || !image_strings(image, dynamic->link, NULL))
		return;
	entries = image_data(image, dynamic, NULL);
	for (i = 0; gelf_getdyn(entries, i, &entry); i++) {
		if (entry.d_tag == DT_NULL)
			return;
		if (entry.d_tag != DT_NEEDED)
			continue;
		name = elf_strptr(image->elf, dynamic->link, entry.d_un.d_val);
		if (name)
			each(ctx, name);
	}
}
