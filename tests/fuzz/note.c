// SPDX-License-Identifier: BSD-2-Clause
/*
 * note.c - fuzzing the notes of static probes: the input is the section, in a
 * file whose class, order and kind of table its first byte chooses.
 */
#include "tests/fuzz/check_notes.h"
#include "tests/unit/build_elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct build b;
	struct build_section *section;
	struct bytes file;
	int fd;

	if (size == 0)
		return 0;
	b = build_usual(data[0] & 1 ? ELFCLASS32 : ELFCLASS64,
			data[0] & 2 ? ELFDATA2MSB : ELFDATA2LSB, ET_DYN,
			data[0] & 1 ? EM_386 : EM_X86_64);
	if (data[0] & 4)
		add_section(&b, ".stapsdt.base", SHT_PROGBITS)->address =
			0x401000;
	section = add_section(&b, ".note.stapsdt", SHT_NOTE);
	if (data[0] & 8)
		section->flags = SHF_COMPRESSED;
	b.no_sections = data[0] & 16;
	if (data[0] & 32)
		add_segment(&b, PT_NOTE, PF_R, FIXED, 0x400100, size - 1,
			    size - 1);
	bytes_add(&section->bytes, data + 1, size - 1);
	file = build(&b);
	fd = bytes_file(&file);
	check_notes(fd);
	close(fd);
	return 0;
}
