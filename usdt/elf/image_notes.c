// SPDX-License-Identifier: BSD-2-Clause
/* image_notes.c - what an ELF file's own notes say of how it was built. */
#include <stdio.h>
#include <string.h>

#include "usdt/elf/image_private.h"

enum {
	NOTE_GO_BUILD_ID = 4, /* cmd/internal/buildid, note of "Go" */
};

static void take_build_id(struct image *image, const unsigned char *value,
			  size_t size)
{
	size_t i;

	if (size < 2 || size > IMAGE_BUILD_ID)
		return;
	for (i = 0; i < size; i++)
		sprintf(image->build_id + 2 * i, "%02x", value[i]);
}

static bool is_note(const GElf_Nhdr *note, const char *name, uint32_t type,
		    const char *owner)
{
	return note->n_type == type && note->n_namesz == strlen(owner) + 1 &&
	       memcmp(name, owner, note->n_namesz) == 0;
}

void image_read_notes(struct image *image, uint64_t offset, uint64_t size,
		      uint64_t align)
{
	Elf_Type type = align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR;
	size_t at = 0, name, value;
	const char *raw;
	GElf_Nhdr note;
	Elf_Data *data;

	if (size > IMAGE_NOTE_BYTES)
		size = IMAGE_NOTE_BYTES;
	if (!image_holds(image, offset, size) || !image_count(image, size))
		return;
	data = elf_getdata_rawchunk(image->elf, (int64_t)offset, size, type);
	while ((at = gelf_getnote(data, at, &note, &name, &value))) {
		raw = data->d_buf;
		if (is_note(&note, raw + name, NT_GNU_BUILD_ID, ELF_NOTE_GNU))
			take_build_id(image, (const unsigned char *)raw + value,
				      note.n_descsz);
		if (is_note(&note, raw + name, NOTE_GO_BUILD_ID, "Go"))
			image->go = true;
	}
}
