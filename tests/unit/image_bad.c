// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* image_bad.c - ELF files that are broken, hostile, or change meanwhile. */
#include <stddef.h>
#include <sys/resource.h>

#include "tests/unit/sample.h"

/* A copy of elf.so with width bytes of value at that offset. */
static const struct {
	const char *what;
	size_t offset, width;
	uint64_t value;
	const char *want; /* of the symbol plain */
} spoilt[] = {
	{ "magic", 0, 1, 0, "ENOEXEC" },
	{ "class", EI_CLASS, 1, 3, "ENOEXEC" },
	{ "order", EI_DATA, 1, 0, "ENOEXEC" },
	{ "wrong order", EI_DATA, 1, ELFDATA2MSB, "ENOEXEC" },
	{ "type", 16, 2, ET_REL, "ENOEXEC" },
	{ "e_phoff", 32, 8, UINT64_MAX - 8, "ENOEXEC" },
	{ "e_phentsize", 54, 2, 1, "ENOEXEC" },
	{ "e_phnum", 56, 2, 0xffff, "ENOEXEC" },
	{ "e_shoff", 40, 8, UINT64_MAX - 8, "ENOEXEC" },
	{ "e_shoff beyond", 40, 8, 1 << 30, "ENOEXEC" },
	{ "e_shoff zero", 40, 8, 0, "0" },
	{ "e_shentsize", 58, 2, 1, "ENOEXEC" },
	{ "e_shnum", 60, 2, 0xffff, "ENOEXEC" },
	{ "e_shstrndx", 62, 2, 0xfff0, "1 text" },
};

static void try_spoilt(size_t i)
{
	const char *copy = at("spoilt.so");
	int fd;

	run("cp %s/elf.so %s", dir, copy);
	fd = open(copy, O_WRONLY | O_CLOEXEC);
	if (pwrite(fd, &spoilt[i].value, spoilt[i].width,
		   (off_t)spoilt[i].offset) < 0)
		exit(1);
	close(fd);
	try_symbol(spoilt[i].what, copy, "plain", NULL, false, spoilt[i].want);
}

#define SHDR(member) \
	offsetof(Elf64_Shdr, member), sizeof(((Elf64_Shdr *)NULL)->member)

/* As spoilt, but in the header of the first section of that type. */
static const struct {
	const char *what;
	uint32_t type;
	size_t offset, width;
	uint64_t value;
	const char *want; /* of the symbol plain */
} spoilt_sections[] = {
	{ "sh_size beyond", SHT_DYNSYM, SHDR(sh_size), 24 << 20, "ENOEXEC" },
	{ "sh_size huge", SHT_DYNSYM, SHDR(sh_size), -24ULL, "ENOEXEC" },
	{ "sh_size odd", SHT_DYNSYM, SHDR(sh_size), 25, "ENOEXEC" },
	{ "sh_size zero", SHT_SYMTAB, SHDR(sh_size), 0, "1 text" },
	{ "sh_offset beyond", SHT_DYNSYM, SHDR(sh_offset), -8ULL, "ENOEXEC" },
	{ "sh_entsize", SHT_DYNSYM, SHDR(sh_entsize), 0, "ENOEXEC" },
	{ "sh_link beyond", SHT_DYNSYM, SHDR(sh_link), 0xffff, "ENOEXEC" },
	{ "sh_link to itself", SHT_SYMTAB, SHDR(sh_link), 1, "ENOEXEC" },
	{ "sh_flags", SHT_DYNSYM, SHDR(sh_flags), SHF_COMPRESSED, "ENOEXEC" },
	{ "no bytes", SHT_DYNSYM, SHDR(sh_type), SHT_NOBITS, "1 text" },
	{ "strings cut", SHT_STRTAB, SHDR(sh_size), 2, "ENOEXEC" },
	{ "strings huge", SHT_STRTAB, SHDR(sh_size), 1 << 30, "ENOEXEC" },
	{ "versions", SHT_GNU_versym, SHDR(sh_size), 1 << 30, "1 text" },
	{ "their names", SHT_GNU_verdef, SHDR(sh_size), 1 << 30, "1 text" },
	{ "their link", SHT_GNU_verdef, SHDR(sh_link), 0xffff, "1 text" },
	{ "imports", SHT_GNU_verneed, SHDR(sh_offset), 0, "1 text" },
};

static void read_at(int fd, uint64_t offset, void *to, size_t size)
{
	if (pread(fd, to, size, (off_t)offset) != (ssize_t)size)
		exit(1);
}

static void write_at(int fd, uint64_t offset, const void *from, size_t size)
{
	if (pwrite(fd, from, size, (off_t)offset) != (ssize_t)size)
		exit(1);
}

/* Where the file has the header of the first section of that type. */
static uint64_t section_header(int fd, uint32_t type)
{
	Elf64_Ehdr header;
	Elf64_Shdr section;
	uint64_t offset;

	read_at(fd, 0, &header, sizeof(header));
	offset = header.e_shoff;
	for (;; offset += sizeof(section)) {
		read_at(fd, offset, &section, sizeof(section));
		if (section.sh_type == type)
			return offset;
	}
}

static int open_copy(const char *name)
{
	run("cp %s/elf.so %s/%s", dir, dir, name);
	return open(at(name), O_RDWR | O_CLOEXEC);
}

static void try_spoilt_section(size_t i)
{
	int fd = open_copy("spoilt.so");

	write_at(fd,
		 section_header(fd, spoilt_sections[i].type) +
			 spoilt_sections[i].offset,
		 &spoilt_sections[i].value, spoilt_sections[i].width);
	close(fd);
	try_symbol(spoilt_sections[i].what, at("spoilt.so"), "plain", NULL,
		   false, spoilt_sections[i].want);
}

/* More sections than 16 bits can tell; count is what the file says there. */
static void try_extended(const char *what, uint64_t count, const char *want)
{
	int fd = open_copy("many.so");
	Elf64_Shdr first = { .sh_type = SHT_NULL };
	Elf64_Ehdr header;

	read_at(fd, 0, &header, sizeof(header));
	first.sh_size = count ? count : header.e_shnum;
	first.sh_link = header.e_shstrndx;
	write_at(fd, header.e_shoff, &first, sizeof(first));
	header.e_shnum = 0;
	header.e_shstrndx = SHN_XINDEX;
	write_at(fd, 0, &header, sizeof(header));
	if (count && ftruncate(fd, 1LL << 40))
		exit(1);
	close(fd);
	try_symbol(what, at("many.so"), "plain", NULL, false, want);
}

/* Sizes that the file has, of which nobody wants a copy. */
static void try_large(const char *what, uint64_t size, const char *want)
{
	int fd = open_copy("large.so");

	write_at(fd,
		 section_header(fd, SHT_DYNSYM) + offsetof(Elf64_Shdr, sh_size),
		 &size, sizeof(size));
	if (ftruncate(fd, 1LL << 40))
		exit(1);
	close(fd);
	try_symbol(what, at("large.so"), "plain", NULL, false, want);
}

static void try_bounds(void)
{
	struct rusage before, after;

	getrusage(RUSAGE_SELF, &before);
	try_extended("sections elsewhere", 0, "1 text");
	try_extended("65537 sections", 65537, "ENOEXEC");
	try_extended("2^32 sections", UINT32_MAX, "ENOEXEC");
	try_extended("2^64 sections", UINT64_MAX, "ENOEXEC");
	try_large("12 GiB of symbols", 24ULL << 29, "EFBIG");
	try_large("24 TiB of symbols", 24ULL << 40, "ENOEXEC");
	getrusage(RUSAGE_SELF, &after);
	check_true("64 MiB at most",
		   after.ru_maxrss - before.ru_maxrss < 65536);
}

static bool is_mapped(const char *file)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	bool found = false;

	while (fgets(line, sizeof(line), maps))
		found |= strstr(line, file) != NULL;
	fclose(maps);
	return found;
}

static void try_cut_while_open(off_t size)
{
	int fd = open_copy("cut.so");
	struct sought sought = { .name = "plain" };
	struct image *image;
	struct err e = { .code = 0 };
	uint64_t start, end;
	char byte;

	if (image_open(fd, &image, &e) || ftruncate(fd, size))
		exit(1);
	image_symbols(image, seek, &sought, &e);
	check_text("symbols of a file cut", "EIO", errno_name(e.code));
	check_text("its bytes", "EIO",
		   errno_name(-image_read(image, image_size(image) - 1, &byte,
					  1)));
	check_true("it has no frames",
		   !image_frame_at(image, 0x1000, &start, &end));
	image_close(image);
	close(fd);
}

static void try_mapping(void)
{
	int fd = open_copy("map.so");
	struct sought sought = { .name = "plain" };
	struct image *image;

	if (image_open(fd, &image, NULL))
		exit(1);
	image_symbols(image, seek, &sought, NULL);
	check_true("it is not mapped", !is_mapped("map.so"));
	image_close(image);
	close(fd);
}

static int ignore(void *ctx, const struct image_symbol *symbol)
{
	*(size_t *)ctx += strlen(symbol->name);
	return 0;
}

static void ignore_library(void *ctx, const char *library)
{
	*(size_t *)ctx += strlen(library);
}

/* Whatever the bytes are, nothing breaks: for the sanitizers. */
static void try_noise(unsigned int seed)
{
	static char bytes[1 << 16];
	struct image *image = NULL;
	uint64_t start, end;
	size_t total = 0, i;
	int fd = open(at("elf.so"), O_RDONLY | O_CLOEXEC);
	ssize_t size = read(fd, bytes, sizeof(bytes));

	close(fd);
	srandom(seed);
	for (i = 0; i < 20 && size > 0; i++)
		bytes[random() % (i < 10 ? 0x700 : size)] = (char)random();
	if (seed % 4 == 0)
		size = random() % size;
	fd = open(at("noise.so"), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (write(fd, bytes, (size_t)size) == size &&
	    image_open(fd, &image, NULL) == 0) {
		image_symbols(image, ignore, &total, NULL);
		image_needed(image, ignore_library, &total);
		for (i = 0; i < 64; i++)
			image_frame_at(image, i * 97, &start, &end);
	}
	image_close(image);
	close(fd);
	cases++;
}

int main(void)
{
	unsigned int seed;
	size_t i;

	sample_make();
	for (EACH(spoilt, i))
		try_spoilt(i);
	for (EACH(spoilt_sections, i))
		try_spoilt_section(i);
	try_bounds();
	try_cut_while_open(0);
	try_cut_while_open(512);
	try_mapping();
	for (seed = 0; seed < 2000; seed++)
		try_noise(seed);
	sample_end();
	return check_end("image_bad");
}
