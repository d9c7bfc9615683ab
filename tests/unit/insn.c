// SPDX-License-Identifier: BSD-2-Clause
/* insn.c - which instructions the kernel can probe, and where they begin. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/insn.h"

enum {
	CODE = 0x1000
};

/* Each was tried on Linux 6.18 in a file that a process had mapped. */
static const struct {
	const char *what;
	int bits;
	const char *code;
	size_t size;
	bool probeable;
} rows[] = {
#define ROW(what, bits, code, probeable)                      \
	{                                                     \
		what, bits, code, sizeof(code) - 1, probeable \
	}
	ROW("nop", 64, "\x90", true),
	ROW("endbr64", 64, "\xf3\x0f\x1e\xfa", true),
	ROW("push", 64, "\x55", true),
	ROW("mov fs", 64, "\x64\x48\x8b\x04\x25\x28\0\0\0", true),
	ROW("syscall", 64, "\x0f\x05", true),
	ROW("ud2", 64, "\x0f\x0b", true),
	ROW("rep stos", 64, "\xf3\xaa", true),
	ROW("mov ds", 64, "\x8e\xd8", true),
	ROW("mov ss", 64, "\x8e\xd0", false),
	ROW("hlt", 64, "\xf4", false),
	ROW("int3", 64, "\xcc", false),
	ROW("int 0x80", 64, "\xcd\x80", false),
	ROW("in dx", 64, "\xec", false),
	ROW("cli", 64, "\xfa", false),
	ROW("lock inc", 64, "\xf0\xff\x07", false),
	ROW("notrack jmp", 64, "\x3e\xff\xe0", false),
	ROW("nop with cs", 64, "\x66\x2e\x0f\x1f\x84\0\0\0\0\0", false),
	ROW("vmovdqa load", 64, "\xc5\xf9\x6f\x07", false),
	ROW("vmovdqu store", 64, "\xc5\xfe\x7f\x07", true),
	ROW("vpaddd", 64, "\xc5\xf9\xfe\xc0", true),
	ROW("vpxor", 64, "\xc5\xf9\xef\xc0", false),
	ROW("vfmadd132", 64, "\xc4\xe2\x79\x9a\xc1", false),
	ROW("vmovdqu64 load", 64, "\x62\xf1\xfe\x48\x6f\x07", false),
	ROW("vmovdqu64 store", 64, "\x62\xf1\xfe\x48\x7f\x07", true),
	ROW("pusha", 64, "\x60", false),
	ROW("pusha", 32, "\x60", true),
	ROW("les", 32, "\xc4\x07", true),
	ROW("inc", 32, "\x40", true),
	ROW("pop ds", 32, "\x1f", false),
	ROW("int3", 32, "\xcc", false),
};

/* A file of nothing but its header and code. */
static struct image *make(int bits, const char *code, size_t size)
{
	Elf64_Ehdr wide = { .e_ident = ELFMAG,
			    .e_type = ET_DYN,
			    .e_machine = EM_X86_64 };
	Elf32_Ehdr narrow = { .e_ident = ELFMAG,
			      .e_type = ET_DYN,
			      .e_machine = EM_386 };
	char path[] = "/tmp/probefs-insn-XXXXXX";
	struct image *image = NULL;
	int fd = mkstemp(path);
	ssize_t n;

	unlink(path);
	wide.e_ident[EI_CLASS] = ELFCLASS64;
	narrow.e_ident[EI_CLASS] = ELFCLASS32;
	wide.e_ident[EI_DATA] = narrow.e_ident[EI_DATA] = ELFDATA2LSB;
	n = bits == 64 ? pwrite(fd, &wide, sizeof(wide), 0)
		       : pwrite(fd, &narrow, sizeof(narrow), 0);
	if (n < 0 || pwrite(fd, code, size, CODE) != (ssize_t)size ||
	    image_open(fd, &image, NULL))
		exit(1);
	close(fd);
	return image;
}

static int check_probeable(size_t i)
{
	struct image *image = make(rows[i].bits, rows[i].code, rows[i].size);
	struct err e;
	int result = insn_probeable(image, CODE, &e);

	image_close(image);
	if (result == (rows[i].probeable ? 0 : -EOPNOTSUPP))
		return 0;
	printf("%s (%d bits): expected %s, got %d\n", rows[i].what,
	       rows[i].bits, rows[i].probeable ? "probeable" : "refused",
	       result);
	return 1;
}

/* push; mov of 3; mov of 10; ret; nothing decodable; ret. */
static const char code[] = "\x55\x48\x89\xe5\x48\xb8\1\2\3\4\5\6\7\x08\xc3"
			   "\x06\xc3";

static const struct {
	uint64_t offset;
	int place;
	uint64_t before, after;
} places[] = {
	{ 0, INSN_BOUNDARY, 0, 0 },    { 1, INSN_BOUNDARY, 0, 1 },
	{ 2, INSN_INSIDE, 1, 4 },      { 4, INSN_BOUNDARY, 1, 4 },
	{ 9, INSN_INSIDE, 4, 14 },     { 14, INSN_BOUNDARY, 4, 14 },
	{ 15, INSN_BOUNDARY, 14, 15 }, { 16, INSN_UNKNOWN, 15, 15 },
};

static int check_place(const struct image *image, size_t i)
{
	uint64_t before, after;
	int place = insn_place(image, CODE, CODE + places[i].offset, &before,
			       &after, NULL);

	if (place == places[i].place && before == CODE + places[i].before &&
	    after == CODE + places[i].after)
		return 0;
	printf("place of +%ju: expected %d (+%ju, +%ju), got %d (+%ju, +%ju)\n",
	       (uintmax_t)places[i].offset, places[i].place,
	       (uintmax_t)places[i].before, (uintmax_t)places[i].after, place,
	       (uintmax_t)(before - CODE), (uintmax_t)(after - CODE));
	return 1;
}

int main(void)
{
	size_t i, n = sizeof(rows) / sizeof(rows[0]);
	size_t m = sizeof(places) / sizeof(places[0]);
	struct image *image = make(64, code, sizeof(code) - 1);
	int failures = 0;

	for (i = 0; i < n; i++)
		failures += check_probeable(i);
	for (i = 0; i < m; i++)
		failures += check_place(image, i);
	image_close(image);
	if (failures)
		return 1;
	printf("ok insn: %zu cases\n", n + m);
	return 0;
}
