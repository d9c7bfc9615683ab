// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* spec.c - map values for usdt.bpf.h, read back at the places it reads. */
#include <elf.h>
#include <errno.h>

#include "tests/unit/build_elf.h"
#include "tests/unit/check.h"
#include "usdt/usdt_spec.h"
#include "usdt/usdt_symbol.h"

#define IP 0x401000
#define TWELVE \
	"const 1 u64; const 2 u64; const 3 u64; const 4 u64; const 5 u64; const 6 u64; const 7 u64; const 8 u64; const 9 u64; const 10 u64; const 11 u64; const 12 u64"

static int find(void *ctx, const char *name, size_t length, uint64_t *address)
{
	(void)ctx;
	if (length == 4 && !strncmp(name, "many", length))
		return -ENOTUNIQ;
	if (length != 1 || *name != 'g')
		return -ENOENT;
	*address = 0x404020;
	return 0;
}

/*
 * Each argument of the spec: type value reg[+index<<shift] bits, as
 * "const -1 s32", "reg @80 u64", "mem @152+16 s32", "sib @96+@80<<3+0 u64".
 */
/* clang-format off */
static const struct spec_case {
	uint16_t machine, type;
	const char *args, *old, *new;
} encodings[] = {
	{ EM_X86_64, ET_DYN, "", "", "" },
	{ EM_X86_64, ET_DYN, "-4@$-1", "const -1 s32", "const -1 s32" },
	{ EM_X86_64, ET_DYN, "8@%rax 4@%edi 2@%r13w 1@%r15b",
	  "reg @80 u64; reg @112 u32; reg @16 u16; reg @0 u8",
	  "reg @80 u64; reg @112 u32; reg @16 u16; reg @0 u8" },
	{ EM_X86_64, ET_DYN, "1@%ah -1@%bh", "reg @81 u8; reg @41 s8",
	  "reg @81 u8; reg @41 s8" },
	{ EM_X86_64, ET_DYN, "%rdx %ecx", "reg @96 u64; reg @88 u32",
	  "reg @96 u64; reg @88 u32" },
	{ EM_X86_64, ET_DYN, "-4@-1204(%rbp) 8f@(%rsp)",
	  "mem @32-1204 s32; mem @152+0 u64",
	  "mem @32-1204 s32; mem @152+0 u64" },
	{ EM_X86_64, ET_DYN, "8@8(%rdx,%rax,8)", "none u64",
	  "sib @96+@80<<3+8 u64" },
	{ EM_X86_64, ET_DYN, "8@(%rax,%rcx)", "none u64",
	  "sib @80+@88<<0+0 u64" },
	{ EM_X86_64, ET_DYN, "8@4(,%rax,1) 8@4(,%rax,2) 8@4(,%rax,4)",
	  "mem @80+4 u64; none u64; none u64",
	  "mem @80+4 u64; sib @80+@80<<0+4 u64; none u64" },
	{ EM_X86_64, ET_EXEC, "8@4(,%rax,4)", "none u64",
	  "sib @128+@80<<2-4198396 u64" },
	{ EM_X86_64, ET_DYN, "-4@8+g(%rip) 8@x(%rip) 8@many(%rip)",
	  "mem @128+12328 s32; none u64; none u64",
	  "mem @128+12328 s32; none u64; none u64" },
	{ EM_X86_64, ET_DYN, "8@g 8@g(%rax) 8@g(,%rax,8) 8@$g",
	  "none u64; none u64; none u64; none u64",
	  "none u64; none u64; none u64; none u64" },
	{ EM_X86_64, ET_EXEC, "8@g 8@g+1(%rax) 8@g(,%rax,8) 8@$g+1",
	  "mem @128+12320 u64; none u64; none u64; const 4210721 u64",
	  "mem @128+12320 u64; sib @128+@80<<0+12321 u64; sib @128+@80<<3+12320 u64; const 4210721 u64" },
	{ EM_X86_64, ET_EXEC, "8@g(%rbx,%rax,8)", "none u64", "none u64" },
	{ EM_X86_64, ET_DYN, "8@%xmm0 8@%fs:8 8@g@GOTPCREL(%rip) 8@%r16 ?",
	  "none u64; none u64; none u64; none u64; none u64",
	  "none u64; none u64; none u64; none u64; none u64" },
	{ EM_X86_64, ET_DYN, "8@%ds:8(%rax)", "mem @80+8 u64",
	  "mem @80+8 u64" },
	{ EM_X86_64, ET_DYN, "8@8(%rip)", "mem @128+8 u64",
	  "mem @128+8 u64" },
	{ EM_X86_64, ET_DYN, "16@%rax 8@%rbx", "none u64; reg @40 u64",
	  "none u64; reg @40 u64" },
	{ EM_X86_64, ET_DYN,
	  "8@$1 8@$2 8@$3 8@$4 8@$5 8@$6 8@$7 8@$8 8@$9 8@$10 8@$11 8@$12 8@$13",
	  TWELVE, TWELVE },
	{ EM_AARCH64, ET_DYN, "8@x3 -4@w30 8@sp 8@xzr 8@[sp, 12] 4@5",
	  "reg @24 u64; reg @240 s32; reg @248 u64; const 0 u64; mem @248+12 u64; const 5 u32",
	  "reg @24 u64; reg @240 s32; reg @248 u64; const 0 u64; mem @248+12 u64; const 5 u32" },
	{ EM_AARCH64, ET_DYN, "8@[x1, x2, lsl 3] 8@[x1, w2, uxtw] 8@v0",
	  "none u64; none u64; none u64",
	  "sib @8+@16<<3+0 u64; none u64; none u64" },
	{ EM_AARCH64, ET_DYN, "8@[x0, #:lo12:g+4] 8@g",
	  "mem @0+36 u64; none u64", "mem @0+36 u64; none u64" },
	{ EM_RISCV, ET_DYN, "8@a0 8@-8(sp)", "reg @80 u64; mem @16-8 u64",
	  "reg @80 u64; mem @16-8 u64" },
	{ EM_S390, ET_DYN, "8@%r2 8@160(%r15)",
	  "reg @40 u64; mem @144+160 u64", "reg @40 u64; mem @144+160 u64" },
	{ EM_PPC64, ET_DYN, "8@i5 8@9", "const 5 u64; none u64",
	  "const 5 u64; none u64" },
};
/* clang-format on */

static uint64_t at(const struct usdt_spec *spec, size_t offset, size_t width)
{
	uint64_t value = 0;

	memcpy(&value, spec->bytes + offset, width);
	return value;
}

/* The offsets are those of research on the compiled header, not ours. */
static void show_arg(const struct usdt_spec *spec, size_t i, FILE *out)
{
	bool old = spec->size == SPEC_SIZE_OLD;
	size_t base = i * (old ? 16 : 24);
	uint64_t type = old ? at(spec, base + 8, 4) : at(spec, base + 8, 1);
	uint64_t index = old ? 0 : at(spec, base + 10, 2);
	uint64_t reg = at(spec, base + (old ? 12 : 14), 2);
	uint64_t sign = at(spec, base + (old ? 14 : 16), 1);
	uint64_t shift = at(spec, base + (old ? 15 : 17), 1);
	long long value = (long long)at(spec, base, 8);

	if (type == 0)
		fprintf(out, "const %lld", value);
	else if (type == 1)
		fprintf(out, "reg @%d", (int)reg);
	else if (type == 2)
		fprintf(out, "mem @%d%+lld", (int)reg, value);
	else if (type == 3)
		fprintf(out, "sib @%d+@%d<<%d%+lld", (int)reg,
			(int)(index & 0xfff), (int)(index >> 12), value);
	else
		fputs(type == 255 ? "none" : "?", out);
	fprintf(out, " %c%d", sign ? 's' : 'u', 64 - (int)shift);
}

static char *words(const struct usdt_spec *spec)
{
	size_t count = at(spec, spec->size - 8, 2), i, size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	for (i = 0; i < count; i++) {
		fputs(i ? "; " : "", out);
		show_arg(spec, i, out);
	}
	if (at(spec, spec->size - 16, 8) != 77)
		fputs(" wrong cookie", out);
	fclose(out);
	return text;
}

static void run(const struct spec_case *c, uint32_t size, const char *expected)
{
	struct spec_site site = {
		.machine = c->machine,
		.type = c->type,
		.class = ELFCLASS64,
		.ip = IP,
		.find = find,
	};
	struct usdt_spec spec;
	char *got;

	spec_encode(&site, size, c->args, 77, &spec);
	got = words(&spec);
	check_text(c->args, expected, got);
	free(got);
}

/* What `sites` says, and why not. */
static void check_show(void)
{
	static const char args[] =
		"-4@-1204(%rbp) 8@(%rax,%rbx) 8@%xmm0 8@x(%rip) -4@g(%rip) 8@many(%rip) 8@$0 8@$0 8@$0 8@$0 8@$0 8@$0 8@%rax";
	static const char expected[] =
		"arg1: s32 at rbp-1204\n"
		"arg2: unavailable: an index needs a program built with usdt.bpf.h of libbpf 1.7 or later\n"
		"arg3: unavailable: %xmm0 is a vector register\n"
		"arg4: unavailable: the file has no symbol 'x'\n"
		"arg5: s32 at g\n"
		"arg6: unavailable: the file has several symbols 'many'\n"
		"arg7: u64 constant 0\n"
		"arg8: u64 constant 0\n"
		"arg9: u64 constant 0\n"
		"arg10: u64 constant 0\n"
		"arg11: u64 constant 0\n"
		"arg12: u64 constant 0\n"
		"arg13: unavailable: a program can fetch only the first 12";
	struct spec_site site = {
		.machine = EM_X86_64,
		.type = ET_DYN,
		.class = ELFCLASS64,
		.find = find,
	};
	char *got;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	spec_show(&site, SPEC_SIZE_OLD, args, "\n", out);
	fclose(out);
	check_text("show", expected, got);
	free(got);
}

static void check_equal(void)
{
	struct spec_site site = {
		EM_X86_64, ET_DYN, ELFCLASS64, 0, NULL, NULL
	};
	struct usdt_spec a, b, c, d;

	/* What was there before must not show. */
	memset(&a, 0xaa, sizeof(a));
	memset(&b, 0x55, sizeof(b));
	spec_encode(&site, SPEC_SIZE_INDEX, "8@%rax", 1, &a);
	spec_encode(&site, SPEC_SIZE_INDEX, " 8@%RAX ", 1, &b);
	spec_encode(&site, SPEC_SIZE_INDEX, "8@%rax", 2, &c);
	spec_encode(&site, SPEC_SIZE_OLD, "8@%rax", 1, &d);
	check_true("the same argument", spec_equal(&a, &b));
	check_true("the same hash", spec_hash(&a) == spec_hash(&b));
	check_true("another cookie", !spec_equal(&a, &c));
	check_true("another size", !spec_equal(&a, &d));
}

static void check_sizes(void)
{
	struct err e;

	check_number("the old size", 0, spec_check_size(208, &e));
	check_number("the new size", 0, spec_check_size(304, &e));
	check_number("unknown size", -EOPNOTSUPP, spec_check_size(256, &e));
	check_holds("unknown size", "256", e.text);
	check_true("m68k is foreign",
		   !spec_native(EM_68K, ELFCLASS32, ELFDATA2MSB));
}

static void add_symbol(const struct build *b, struct bytes *table,
		       uint32_t name, unsigned char type, uint64_t address)
{
	bytes_number(b, table, name, 4);
	bytes_number(b, table, STB_GLOBAL << 4 | type, 1);
	bytes_number(b, table, 0, 1);
	bytes_number(b, table, name ? 1 : 0, 2);
	bytes_number(b, table, address, 8);
	bytes_number(b, table, 8, 8);
}

static void check_symbol(const struct spec_symbols *symbols, const char *name,
			 int expected, uint64_t address)
{
	uint64_t got = 0;

	check_number(name, expected,
		     spec_symbols_find((void *)(uintptr_t)symbols, name,
				       strlen(name), &got));
	check_number(name, address, got);
}

static void build_symbols(struct build *b)
{
	struct build_section *s;

	add_probe(b, &add_section(b, ".note.stapsdt", SHT_NOTE)->bytes,
		  0x402010, 0, 0, "p", "n",
		  "8@g(%rip) 8@tls(%rip) 8@twice(%rip) 8@no(%rip) 8@g(%rip)");
	s = add_section(b, ".strtab", SHT_STRTAB);
	bytes_add(&s->bytes, "\0g\0tls\0twice", 13);
	s = add_section(b, ".symtab", SHT_SYMTAB);
	s->link = 2;
	s->entry_size = 24;
	add_symbol(b, &s->bytes, 0, STT_NOTYPE, 0);
	add_symbol(b, &s->bytes, 1, STT_OBJECT, 0x405020);
	add_symbol(b, &s->bytes, 3, STT_TLS, 0x10);
	add_symbol(b, &s->bytes, 7, STT_OBJECT, 0x405030);
	add_symbol(b, &s->bytes, 7, STT_OBJECT, 0x405040);
}

static void check_symbols(void)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct spec_symbols *symbols;
	const struct note *note;
	struct image *image;
	struct notes *notes;
	struct bytes file;
	struct err e;
	int fd;

	build_symbols(&b);
	file = build(&b);
	fd = bytes_file(&file);
	if (image_open(fd, &image, &e) || notes_read(image, &notes, &e))
		abort();
	note = notes->note;
	if (spec_symbols_make(image, &note, 1, &symbols, &e))
		abort();
	check_symbol(symbols, "g", 0, 0x405020);
	check_symbol(symbols, "tls", -ENOENT, 0);
	check_symbol(symbols, "no", -ENOENT, 0);
	check_symbol(symbols, "twice", -ENOTUNIQ, 0);
	check_symbol(symbols, "unheard", -ENOENT, 0);
	spec_symbols_free(symbols);
	notes_free(notes);
	image_close(image);
	close(fd);
}

int main(void)
{
	size_t i;

	for (EACH(encodings, i)) {
		run(&encodings[i], SPEC_SIZE_OLD, encodings[i].old);
		run(&encodings[i], SPEC_SIZE_INDEX, encodings[i].new);
	}
	check_show();
	check_equal();
	check_sizes();
	check_symbols();
	return check_end("spec");
}
