// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* image_code.c - which parts of a file are instructions. */
#include "tests/unit/build_elf.h"
#include "tests/unit/check.h"
#include "usdt/elf/image.h"

enum { CODE = SHF_ALLOC | SHF_EXECINSTR, ASKED = 6 };

/* build_usual() has an executable segment at the offsets 0x1000 to 0x2000. */
static const struct code_case {
	const char *name;
	struct {
		const char *name;
		uint32_t type;
		uint64_t flags, offset, size;
	} sections[PARTS - 2];
	bool debug;
	struct {
		uint64_t offset, end;
	} asked[ASKED];
} code_cases[] = {
	{
		.name = "no sections",
		.asked = { { 0x10, 0 },
			   { 0x1000, 0x2000 },
			   { 0x1fff, 0x2000 },
			   { 0x2000, 0 },
			   { UINT64_MAX, 0 } },
	},
	{
		.name = "data behind code",
		.sections = { { ".text", SHT_PROGBITS, CODE, 0x1020, 0x500 },
			      { ".init", SHT_PROGBITS, CODE, 0x1000, 0x20 },
			      { ".rodata", SHT_PROGBITS, SHF_ALLOC, 0x1520,
				0x100 } },
		.asked = { { 0x1000, 0x1020 },
			   { 0x101f, 0x1020 },
			   { 0x1020, 0x1520 },
			   { 0x151f, 0x1520 },
			   { 0x1520, 0 },
			   { 0x1fff, 0 } },
	},
	{
		.name = "none of code",
		.sections = { { ".data", SHT_PROGBITS, SHF_ALLOC, 0x2000,
				0x10 } },
		.asked = { { 0x1000, 0x2000 }, { 0x2000, 0 } },
	},
	{
		.name = "code in no segment of code",
		.sections = { { ".text", SHT_PROGBITS, CODE, 8, 0x17f8 } },
		.asked = { { 0x10, 0 }, { 0x1010, 0x1800 }, { 0x1800, 0 } },
	},
	{
		.name = "overlapping, empty, and beyond the end",
		.sections = { { "a", SHT_PROGBITS, CODE, 0x1000, 0x100 },
			      { "b", SHT_PROGBITS, CODE, 0x1080, 0x100 },
			      { "c", SHT_PROGBITS, CODE, 0x1090, 0x10 },
			      { "d", SHT_PROGBITS, CODE, 0x1300, 0 },
			      { "e", SHT_PROGBITS, CODE, 0x1400, 1 << 30 } },
		.asked = { { 0x1000, 0x1180 },
			   { 0x1170, 0x1180 },
			   { 0x1180, 0 },
			   { 0x1300, 0 },
			   { 0x1400, 0 } },
	},
	{
		.name = "debug symbols",
		.sections = { { ".text", SHT_NOBITS, CODE, 0x1000, 0x1000 } },
		.debug = true,
		.asked = { { 0x1000, 0 }, { 0x1800, 0 } },
	},
};

static struct image *open_case(const struct code_case *c)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct build_section *section;
	struct image *image = NULL;
	struct bytes file;
	size_t i;
	int fd;

	b.no_sections = !c->sections[0].name;
	for (i = 0; c->sections[i].name; i++) {
		section = add_section(&b, c->sections[i].name,
				      c->sections[i].type);
		section->flags = c->sections[i].flags;
		section->moved = c->sections[i].offset;
		section->claims = c->sections[i].size;
	}
	file = build(&b);
	fd = bytes_file(&file);
	image_open(fd, &image, NULL);
	close(fd);
	return image;
}

static void check_case(const struct code_case *c)
{
	struct image *image = open_case(c);
	char what[64];
	size_t i;

	check_true(c->name, image && image_is_debug(image) == c->debug);
	for (i = 0; image && i < ASKED && c->asked[i].offset; i++) {
		snprintf(what, sizeof(what), "%s: 0x%jx", c->name,
			 (uintmax_t)c->asked[i].offset);
		check_number(
			what, (int64_t)c->asked[i].end,
			(int64_t)image_code_end(image, c->asked[i].offset));
	}
	image_close(image);
}

int main(void)
{
	size_t i;

	for (EACH(code_cases, i))
		check_case(&code_cases[i]);
	return check_end("image_code");
}
