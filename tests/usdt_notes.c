// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt_notes.c - a library with many static probes, for this machine.
 *
 * usdt_notes FILE COUNT [NAME] writes COUNT notes, of as many probes, or all of
 * the one probe that is named.  Each has an instruction of its own, and one
 * argument of eight.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/build_elf.h"

enum {
	TEXT_AT = 0x10000, /* behind the fixed part */
	NOP = 0x90,
	PAGES = 0x1000,
};

static void add_notes(struct build *b, struct bytes *notes, uint64_t count,
		      const char *one)
{
	char name[64], args[64];
	uint64_t i;

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "probe_%06u", (unsigned int)i);
		snprintf(args, sizeof(args), "8@%%rdi -4@%u(%%rbp)",
			 (unsigned int)(i % 8) * 4);
		add_probe(b, notes, TEXT_AT + i, 0, 0, "many", one ? one : name,
			  args);
	}
}

static void write_file(const char *path, const struct bytes *bytes)
{
	FILE *file = fopen(path, "we");

	if (!file || fwrite(bytes->data, 1, bytes->size, file) != bytes->size ||
	    fclose(file))
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	struct build b = {
		.class = ELFCLASS64,
		.order = ELFDATA2LSB,
		.type = ET_DYN,
		.machine = EM_X86_64,
	};
	struct bytes file, *text;
	uint64_t count, size;

	if (argc < 3)
		errx(2, "usage: usdt_notes FILE COUNT [NAME]");
	count = strtoull(argv[2], NULL, 10);
	size = (count + PAGES) & ~(uint64_t)(PAGES - 1);
	add_segment(&b, PT_LOAD, PF_R | PF_X, FIXED, TEXT_AT, size, size);
	text = &add_section(&b, ".text", SHT_PROGBITS)->bytes;
	b.sections[0].flags = SHF_ALLOC | SHF_EXECINSTR;
	b.sections[0].address = TEXT_AT;
	bytes_add(text, NULL, size);
	memset(text->data, NOP, size);
	add_notes(&b, &add_section(&b, ".note.stapsdt", SHT_NOTE)->bytes, count,
		  argc > 3 ? argv[3] : NULL);
	file = build(&b);
	write_file(argv[1], &file);
	free(file.data);
	return 0;
}
