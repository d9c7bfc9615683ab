// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* image.c - the symbols of ELF files, and files that are none. */
#include <gelf.h>
#include <sys/stat.h>

#include "tests/unit/sample.h"

static void try_files(void)
{
	const char *so = at("elf.so");

	try_symbol("a function", so, "plain", NULL, false, "1 text");
	try_symbol("two of one name", so, "twice", NULL, false, "2 text");
	try_symbol("a version", so, "versioned", "V_1", false, "1 text");
	try_symbol("both versions", so, "versioned", NULL, false, "2 text");
	try_symbol("data", so, "counter", NULL, false, "1");
	try_symbol("an import", so, "strlen", NULL, false, "1");
	try_symbol("its version", so, "strlen", "GLIBC_2.2.5", false, "1");
	try_symbol("nothing", so, "nothing", NULL, false, "0");
	try_symbol("a directory", dir, "x", NULL, false, "EINVAL");
	try_symbol("a device", "/dev/null", "x", NULL, false, "EINVAL");
	try_symbol("procfs", "/proc/self/maps", "x", NULL, false, "ENOEXEC");
	try_symbol("text", "Makefile", "x", NULL, false, "ENOEXEC");
	run(": > %s", at("empty"));
	try_symbol("empty", at("empty"), "x", NULL, false, "ENOEXEC");
	run("truncate -s 4G %s", at("sparse"));
	try_symbol("sparse", at("sparse"), "x", NULL, false, "ENOEXEC");
	mkfifo(at("fifo"), 0600);
	try_symbol("a FIFO", at("fifo"), "x", NULL, false, "EINVAL");
}

static void try_debug(void)
{
	run("strip -o %s/bare.so %s/elf.so", dir, dir);
	try_symbol("stripped", at("bare.so"), "twice", NULL, false, "0");
	snprintf(debug_path, sizeof(debug_path), "%s/elf.debug", dir);
	run("objcopy --only-keep-debug %s/elf.so %s", dir, debug_path);
	try_symbol("by build-id", at("bare.so"), "twice", NULL, true,
		   "2 debug text");
	run("xz -c %s > %s/elf.xz && objcopy --add-section "
	    ".gnu_debugdata=%s/elf.xz %s/bare.so %s/inside.so",
	    debug_path, dir, dir, dir, dir);
	try_symbol(".gnu_debugdata", at("inside.so"), "twice", NULL, false,
		   "2 debug text");
	run("objcopy --remove-section .note.gnu.build-id %s %s.2 && mv %s.2 %s",
	    debug_path, debug_path, debug_path, debug_path);
	run("cd %s && cp bare.so link.so && "
	    "objcopy --add-gnu-debuglink=elf.debug link.so",
	    dir);
	try_symbol("by .gnu_debuglink", at("link.so"), "twice", NULL, true,
		   "2 debug text");
	run("echo x >> %s", debug_path);
	try_symbol("wrong checksum", at("link.so"), "twice", NULL, true, "0");
	run("cp /bin/sh %s", debug_path);
	try_symbol("another's debug file", at("bare.so"), "twice", NULL, true,
		   "0");
}

static void copy_sections(Elf *from, Elf *to, GElf_Ehdr *header)
{
	Elf_Scn *scn = NULL, *copy;
	GElf_Shdr section;
	Elf_Data *data;

	while ((scn = elf_nextscn(from, scn))) {
		copy = elf_newscn(to);
		gelf_getshdr(scn, &section);
		gelf_update_shdr(copy, &section);
		data = elf_newdata(copy);
		*data = *elf_getdata(scn, NULL);
	}
	gelf_update_ehdr(to, header);
}

static void copy_segments(Elf *from, Elf *to, const GElf_Ehdr *header)
{
	GElf_Phdr segment;
	int i;

	gelf_newphdr(to, header->e_phnum);
	for (i = 0; i < header->e_phnum; i++) {
		gelf_getphdr(from, i, &segment);
		gelf_update_phdr(to, i, &segment);
	}
}

/* elf.so as it would be for a machine of the other byte order. */
static void make_reversed(void)
{
	int in = open(at("elf.so"), O_RDONLY | O_CLOEXEC);
	int out = open(at("reversed.so"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	GElf_Ehdr header;
	Elf *from, *to;

	elf_version(EV_CURRENT);
	from = elf_begin(in, ELF_C_READ, NULL);
	to = elf_begin(out, ELF_C_WRITE, NULL);
	gelf_getehdr(from, &header);
	header.e_ident[EI_DATA] ^= ELFDATA2LSB ^ ELFDATA2MSB;
	gelf_newehdr(to, header.e_ident[EI_CLASS]);
	gelf_update_ehdr(to, &header);
	elf_flagelf(to, ELF_C_SET, ELF_F_LAYOUT);
	copy_segments(from, to, &header);
	copy_sections(from, to, &header);
	check_true("reversed", elf_update(to, ELF_C_WRITE) > 0);
	elf_end(to);
	elf_end(from);
	close(out);
	close(in);
}

static void show(const char *file, char *got, size_t size)
{
	int fd = open(at(file), O_RDONLY | O_CLOEXEC);
	struct sought sought = { .name = "imports" };
	struct image *image = NULL;

	if (image_open(fd, &image, NULL))
		exit(1);
	image_symbols(image, seek, &sought, NULL);
	snprintf(got, size, "build-id %s, imports at %ju",
		 image_build_id(image), (uintmax_t)sought.offset);
	image_close(image);
	close(fd);
}

static void try_reversed(void)
{
	char want[512], got[512];

	make_reversed();
	try_symbol("a function, reversed", at("reversed.so"), "plain", NULL,
		   false, "1 text");
	try_symbol("a version, reversed", at("reversed.so"), "versioned", "V_1",
		   false, "1 text");
	try_symbol("an import, reversed", at("reversed.so"), "strlen",
		   "GLIBC_2.2.5", false, "1");
	show("elf.so", want, sizeof(want));
	show("reversed.so", got, sizeof(got));
	check_text("the same in both orders", want, got);
}

int main(void)
{
	sample_make();
	try_files();
	try_reversed();
	try_debug();
	sample_end();
	return check_end("image");
}
