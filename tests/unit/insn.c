// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* insn.c - which instructions the kernel can probe, and where they begin. */
#include <errno.h>
#include <unistd.h>

#include "usdt/elf/insn.h"
#include "tests/unit/check.h"

enum { CODE = 0x1000 };

/*
 * Each was tried on Linux 6.18 in a file that a process had mapped; what is
 * executed wrongly there, tests/opcodes.bats shows.
 */
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
	ROW("vmovdqu store", 64, "\xc5\xfe\x7f\x07", false),
	ROW("vpaddd", 64, "\xc5\xf9\xfe\xc0", true),
	ROW("vpxor", 64, "\xc5\xf9\xef\xc0", false),
	ROW("vfmadd132", 64, "\xc4\xe2\x79\x9a\xc1", false),
	ROW("vmovdqu64 load", 64, "\x62\xf1\xfe\x48\x6f\x07", false),
	ROW("vmovdqu64 store", 64, "\x62\xf1\xfe\x48\x7f\x07", false),
	ROW("vpor", 64, "\xc5\xfd\xeb\xc8", false),
	ROW("vpor", 32, "\xc5\xfd\xeb\xc8", false),
	ROW("vpsubsb", 64, "\xc5\xfd\xe8\xc8", false),
	ROW("vpshufd", 64, "\xc5\xfd\x70\xc8\x01", false),
	ROW("vzeroupper", 64, "\xc5\xf8\x77", false),
	ROW("vzeroupper", 32, "\xc5\xf8\x77", false),
	ROW("kmovw", 64, "\xc5\xf8\x90\xc9", false),
	ROW("vcmpps", 64, "\xc5\xfc\xc2\xc1\x01", false),
	ROW("vaddps", 64, "\xc5\xfc\x58\xc1", true),
	ROW("vpaddq", 64, "\xc5\xfd\xd4\xc1", false),
	ROW("vpxor", 32, "\xc5\xf9\xef\xc0", false),
	ROW("vpminsw", 32, "\xc5\xf9\xea\xc1", false),
	ROW("vfnmadd132ss", 64, "\xc4\xe2\x79\x9d\xc1", false),
	ROW("vpmaskmovd %ymm1 store", 64, "\xc4\xe2\x7d\x8e\x0f", true),
	ROW("vpmaskmovd %ymm2 store", 64, "\xc4\xe2\x7d\x8e\x17", false),
	ROW("vpbroadcastb", 64, "\x62\xf2\x7d\x48\x7a\xc1", false),
	ROW("vpermw memory", 64, "\x62\xf2\xfd\x48\x8d\x07", true),
	ROW("vpermw disp8", 64, "\x62\xf2\xfd\x48\x8d\x7f\0", false),
	ROW("vpexpandd registers", 64, "\x62\xf2\x7d\x48\x89\xc0", false),
	ROW("bound", 32, "\x62\x07", true),
	ROW("vprotb", 64, "\x8f\xe9\x78\x90\xc1", false),
	ROW("vprotb $1", 64, "\x8f\xe8\x78\xc0\xc1\x01", true),
	ROW("vpmacsdd %rip", 64, "\x8f\xe8\x78\x9e\x05\0\0\0\0\x10", false),
	ROW("vpmacsdd", 64, "\x8f\xe8\x78\x9e\xc1\x10", true),
	ROW("pop memory", 64, "\x8f\x07", true),
	ROW("add %r16", 64, "\xd5\x10\x01\xc0", false),
	ROW("aad", 32, "\xd5\x0a", true),
	ROW("data16 call", 64, "\x66\x66\x48\xe8\0\0\0\0", false),
	ROW("data16 jmp", 64, "\x66\xeb\0", false),
	ROW("data16 je", 64, "\x66\x0f\x84\0\0\0\0", false),
	ROW("je", 64, "\x0f\x84\0\0\0\0", true),
	ROW("call", 64, "\xe8\0\0\0\0", true),
	ROW("call", 32, "\x66\xe8\0\0", false),
	ROW("pushf", 64, "\x9c", false),
	ROW("popf", 64, "\x9d", true),
	ROW("xchg %r8", 64, "\x49\x90", false),
	ROW("xchg %r9", 64, "\x49\x91", true),
	ROW("pause", 64, "\xf3\x90", true),
	ROW("dec; nop", 32, "\x49\x90", true),
	ROW("movntss %rip", 64, "\xf3\x0f\x2b\x05\0\0\0\0", false),
	ROW("movntss", 64, "\xf3\x0f\x2b\x07", true),
	ROW("extrq", 64, "\x66\x0f\x79\xc1", false),
	ROW("a cut-off prefix", 64, "\x66", true),
	ROW("a cut-off EVEX", 64, "\x62\xf1\xfe\x48", false),
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
	wide.e_ident[EI_VERSION] = narrow.e_ident[EI_VERSION] = EV_CURRENT;
	n = bits == 64 ? pwrite(fd, &wide, sizeof(wide), 0)
		       : pwrite(fd, &narrow, sizeof(narrow), 0);
	if (n < 0 || pwrite(fd, code, size, CODE) != (ssize_t)size ||
	    image_open(fd, &image, NULL))
		exit(1);
	close(fd);
	return image;
}

static void check_probeable(size_t i)
{
	struct image *image = make(rows[i].bits, rows[i].code, rows[i].size);
	char what[64];

	snprintf(what, sizeof(what), "%s (%d bits)", rows[i].what,
		 rows[i].bits);
	check_number(what, rows[i].probeable ? 0 : -EOPNOTSUPP,
		     insn_probeable(image, CODE, true, NULL));
	image_close(image);
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

static void check_place(const struct image *image, size_t i)
{
	char what[64], want[64], got[64];
	uint64_t before, after;
	int place = insn_place(image, CODE, CODE + places[i].offset, &before,
			       &after, NULL);

	snprintf(what, sizeof(what), "place of +%" PRIu64, places[i].offset);
	snprintf(want, sizeof(want), "%d (+%" PRIu64 ", +%" PRIu64 ")",
		 places[i].place, places[i].before, places[i].after);
	snprintf(got, sizeof(got), "%d (+%" PRIu64 ", +%" PRIu64 ")", place,
		 before - CODE, after - CODE);
	check_text(what, want, got);
}

int main(void)
{
	struct image *image = make(64, code, sizeof(code) - 1);
	size_t i;

	for (EACH(rows, i))
		check_probeable(i);
	for (EACH(places, i))
		check_place(image, i);
	image_close(image);
	return check_end("insn");
}
