// SPDX-License-Identifier: BSD-2-Clause
/* image_parts.c - finding things in an ELF file that is open. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "usdt/image_private.h"

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

const char *image_build_id(const struct image *image)
{
	return image->build_id[0] ? image->build_id : NULL;
}

bool image_is_go(const struct image *image)
{
	return image->go;
}

const char *image_machine_name(uint16_t machine)
{
	static const struct {
		uint16_t machine;
		const char *name;
	} names[] = {
		{ EM_386, "i386" },
		{ EM_X86_64, "x86-64" },
		{ EM_ARM, "ARM" },
		{ EM_AARCH64, "AArch64" },
		{ EM_RISCV, "RISC-V" },
		{ EM_PPC64, "PowerPC64" },
		{ EM_S390, "S/390" },
		{ EM_MIPS, "MIPS" },
		{ EM_LOONGARCH, "LoongArch" },
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == machine)
			return names[i].name;
	return NULL;
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

const struct section *section_find(const struct image *image, const char *name)
{
	size_t i;

	for (i = 0; i < image->nsections; i++)
		if (strcmp(image->sections[i].name, name) == 0)
			return &image->sections[i];
	return NULL;
}

const struct section *section_of_type(const struct image *image, uint32_t type)
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

static struct blob *blob_find(const struct image *image, uint64_t offset,
			      uint64_t size)
{
	struct blob *blob;

	SLIST_FOREACH(blob, &image->blobs, next)
		if (blob->offset == offset && blob->size == size)
			return blob;
	return NULL;
}

const struct blob *image_blob(struct image *image, const struct section *from,
			      struct err *e)
{
	uint64_t offset = from->where.offset, size = from->where.size;
	struct blob *blob = blob_find(image, offset, size);
	int result;

	if (blob)
		return blob;
	if (from->where.type == SHT_NOBITS ||
	    !image_holds(image, offset, size)) {
		fail(e, ENOEXEC, "its section '%s' is not within it",
		     from->name);
		return NULL;
	}
	if (size > IMAGE_TABLE_BYTES) {
		fail(e, EFBIG,
		     "its section '%s' of %ju bytes is too large to "
		     "search",
		     from->name, (uintmax_t)size);
		return NULL;
	}
	blob = malloc(sizeof(*blob) + size + 1);
	if (!blob) {
		fail(e, ENOMEM, "no memory for the section '%s'", from->name);
		return NULL;
	}
	result = image_read(image, offset, blob->data, size);
	if (result) {
		free(blob);
		fail(e, -result, "cannot read its section '%s': %s", from->name,
		     strerror(-result));
		return NULL;
	}
	blob->offset = offset;
	blob->size = size;
	blob->data[size] = '\0';
	SLIST_INSERT_HEAD(&image->blobs, blob, next);
	return blob;
}

const char *blob_string(const struct blob *blob, uint64_t offset)
{
	return offset < blob->size ? blob->data + offset : NULL;
}

void image_needed(struct image *image,
		  void (*each)(void *ctx, const char *library), void *ctx)
{
	const struct section *dynamic = section_of_type(image, SHT_DYNAMIC);
	const struct blob *entries, *strings;
	size_t size = ELF_SIZE(image, Dyn);
	const char *raw, *name;
	uint64_t at;

	if (!dynamic || dynamic->link >= image->nsections)
		return;
	entries = image_blob(image, dynamic, NULL);
	strings = image_blob(image, &image->sections[dynamic->link], NULL);
	if (!entries || !strings)
		return;
	for (at = 0; at + size <= entries->size; at += size) {
		raw = entries->data + at;
		if (ELF_GET(image, raw, Dyn, d_tag) == DT_NULL)
			return;
		if (ELF_GET(image, raw, Dyn, d_tag) != DT_NEEDED)
			continue;
		name = blob_string(strings, ELF_GET(image, raw, Dyn, d_un));
		if (name)
			each(ctx, name);
	}
}
