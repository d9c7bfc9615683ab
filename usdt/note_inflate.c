// SPDX-License-Identifier: BSD-2-Clause
/* note_inflate.c - unpacking a compressed section of notes. */
#include <libelf.h>
#include <stdlib.h>
#include <string.h>

#include "scope.h"
#include "usdt/elf/image_private.h"
#include "usdt/note_find.h"

/*
 * libelf unpacks sections of ELF files, and mmaps or reads those itself.  Bytes
 * that we have read are given to it as a file of our own, with one section.
 */
struct wrapper {
	Elf64_Ehdr header;
	Elf64_Shdr sections[2];
	Elf64_Chdr packed;
	char data[];
};

static struct wrapper *wrap(uint32_t type, uint64_t unpacked, const char *data,
			    size_t size)
{
	size_t section = sizeof(Elf64_Chdr) + size;
	struct wrapper *w = calloc(1, sizeof(*w) + size);
	const unsigned char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
					    ? ELFDATA2LSB
					    : ELFDATA2MSB;

	if (!w)
		return NULL;
	memcpy(w->header.e_ident, ELFMAG, SELFMAG);
	w->header.e_ident[EI_CLASS] = ELFCLASS64;
	w->header.e_ident[EI_DATA] = order;
	w->header.e_ident[EI_VERSION] = EV_CURRENT;
	w->header.e_type = ET_DYN;
	w->header.e_version = EV_CURRENT;
	w->header.e_ehsize = sizeof(w->header);
	w->header.e_shoff = offsetof(struct wrapper, sections);
	w->header.e_shentsize = sizeof(w->sections[0]);
	w->header.e_shnum = 2;
	w->sections[1].sh_type = SHT_NOTE;
	w->sections[1].sh_flags = SHF_COMPRESSED;
	w->sections[1].sh_offset = offsetof(struct wrapper, packed);
	w->sections[1].sh_size = section;
	w->sections[1].sh_addralign = 8;
	w->packed.ch_type = type;
	w->packed.ch_size = unpacked;
	w->packed.ch_addralign = 4;
	memcpy(w->data, data, size);
	return w;
}

/* A copy of what libelf made of the section; NULL when it could not. */
static char *unpack(Elf *elf, size_t *size)
{
	Elf_Scn *section = elf ? elf_getscn(elf, 1) : NULL;
	Elf_Data *data;
	char *copy;

	if (!section || elf_compress(section, 0, 0) < 0)
		return NULL;
	data = elf_rawdata(section, NULL);
	if (!data || !data->d_buf || !data->d_size)
		return NULL;
	copy = malloc(data->d_size);
	if (!copy)
		return NULL;
	memcpy(copy, data->d_buf, data->d_size);
	*size = data->d_size;
	return copy;
}

char *note_inflate(const struct image *image, char *packed, size_t packed_size,
		   size_t max, size_t *size, const char **fault)
{
	size_t skip = ELF_SIZE(image, Chdr);
	scoped_free struct wrapper *w = NULL;
	uint64_t unpacked;
	char *result;
	Elf *elf;

	*fault = "a compressed section that is malformed";
	if (packed_size < skip)
		return NULL;
	unpacked = ELF_GET(image, packed, Chdr, ch_size);
	if (unpacked > max || packed_size > max / 2) {
		*fault = "a compressed section that is larger than is sensible";
		return NULL;
	}
	w = wrap((uint32_t)ELF_GET(image, packed, Chdr, ch_type), unpacked,
		 packed + skip, packed_size - skip);
	if (!w || elf_version(EV_CURRENT) == EV_NONE)
		return NULL;
	elf = elf_memory((char *)w, sizeof(*w) + packed_size - skip);
	result = unpack(elf, size);
	elf_end(elf);
	if (result)
		*fault = NULL;
	return result;
}
