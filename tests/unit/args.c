// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* args.c - arguments of every machine, as compilers print them, in words. */
#include <elf.h>

#include "tests/unit/check.h"
#include "usdt/args.h"

#define BARE \
	"unavailable: a bare number is an address in AT&T syntax and a constant in Intel's"
#define RANGE "unavailable: a number out of range"

/* clang-format off */
static const struct args_case {
	const char *args, *expected; /* arguments with "; " between */
} x86_64[] = {
	{ "", "" },
	{ "  \t\n", "" },
	{ ":", "" },
	{ ":anything 8@%rax", "" },
	{ "8@%r13", "u64 in r13" },
	{ "-4@%r13d", "s32 in r13d" },
	{ "+4@%EAX", "u32 in eax" },
	{ "8@16(%rsp)", "u64 at rsp+16" },
	{ "8@-88(%rbp)", "u64 at rbp-88" },
	{ "1@%r13b", "u8 in r13b" },
	{ "1@%r13l", "u8 in r13l" },
	{ "-4@$0", "s32 constant 0" },
	{ "-2@%r13w", "s16 in r13w" },
	{ "-4@72+mp_(%rip)", "s32 at mp_+72" },
	{ "-4@mp_+72(%rip)", "s32 at mp_+72" },
	{ "8@mp_-8(%rip)", "u64 at mp_-8" },
	{ "8@(%rsp)", "u64 at rsp" },
	{ "-4@$-1", "s32 constant -1" },
	{ "4@$-1", "u32 constant 4294967295" },
	{ "-4@NBuffers(%rip)", "s32 at NBuffers" },
	{ "8@(%rdx,%rax,8)", "u64 at rdx+rax*8" },
	{ "8@(%rax,%rcx)", "u64 at rax+rcx" },
	{ "8@-16(,%rax,8)", "u64 at rax*8-16" },
	{ "8@8( %rdx , %rax , 4 )", "u64 at rdx+rax*4+8" },
	{ "8@8(%rdx,)", "u64 at rdx+8" },
	{ "8@8(%rdx,,4)", "u64 at rdx+8" },
	{ "8@8(%rdx,%riz,4)", "u64 at rdx+8" },
	{ "8@%xmm0", "unavailable: %xmm0 is a vector register" },
	{ "8@%xmm31 4@%eax",
	  "unavailable: %xmm31 is a vector register; u32 in eax" },
	{ "8f@%st(3)", "unavailable: %st(3) is a vector register" },
	{ "2@%k1", "unavailable: %k1 is a vector register" },
	{ "2@%fs", "unavailable: %fs is a segment register" },
	{ "%rdi", "u64 in rdi" },
	{ "%rdi %esi %dl %ah", "u64 in rdi; u32 in esi; u8 in dl; u8 in ah" },
	{ "%xmm0 %rdi",
	  "unavailable: %xmm0 is a vector register; u64 in rdi" },
	{ "8f@%rax", "f64 in rax" },
	{ "4f@%edx", "f32 in edx" },
	{ "8f@8(%rsp)", "f64 at rsp+8" },
	{ "-4@%fs:tl@tpoff", "s32 at fs:tl@tpoff" },
	{ "8@%fs:0x28", "u64 at fs:40" },
	{ "8@%gs:8(%rax)", "u64 at gs:rax+8" },
	{ "8@f@GOTPCREL(%rip)", "u64 at f@GOTPCREL" },
	{ "8f@.LC1(%rip)", "f64 at .LC1" },
	{ "8@$.LC0", "u64 address of .LC0" },
	{ "8@$st+8", "u64 address of st+8" },
	{ "-1@arr(%r9)", "s8 at arr+r9" },
	{ "8@arr(,%rax,8)", "u64 at arr+rax*8" },
	{ "8f@$0x40091eb851eb851f", "f64 constant 0x40091eb851eb851f" },
	{ "16f@24(%rsp)",
	  "unavailable: its size is 16 bytes, not 1, 2, 4 or 8" },
	{ "3@%eax", "unavailable: its size is 3 bytes, not 1, 2, 4 or 8" },
	{ "0@%eax", "unavailable: its size is 0 bytes, not 1, 2, 4 or 8" },
	{ "1@%edx", "u8 in edx" },
	{ "8@%eax", "u64 in eax" },
	{ "1@%ah", "u8 in ah" },
	{ "-1@%DH", "s8 in dh" },
	{ "8@%ah", "unavailable: ah has one byte, not 8" },
	{ "8@%rip", "u64 in rip" },
	{ "8@%r31", "u64 in r31" },
	{ "8@%r32", "unavailable: no such register: '%r32'" },
	{ "8@%r08", "unavailable: no such register: '%r08'" },
	{ "8@%", "unavailable: no such register: '%'" },
	{ "8@-8+3+1(%rbp)", "u64 at rbp-4" },
	{ "8@2*3-1(%rbp)", "u64 at rbp+5" },
	{ "8@1+2*3(%rbp)", "u64 at rbp+7" },
	{ "8@(1+2)*3(%rbp)", "u64 at rbp+9" },
	{ "8@~0(%rbp)", "u64 at rbp-1" },
	{ "8@--1(%rbp)", "u64 at rbp+1" },
	{ "8@0x10(%rax)", "u64 at rax+16" },
	{ "8@-0X1f(%rax)", "u64 at rax-31" },
	{ "8@010(%rax)", "u64 at rax+8" },
	{ "8@0b101(%rax)", "u64 at rax+5" },
	{ "8@$18446744073709551615", "u64 constant 18446744073709551615" },
	{ "8@$18446744073709551616", RANGE },
	{ "-8@$-9223372036854775808",
	  "s64 constant -9223372036854775808" },
	{ "-8@$-9223372036854775809", RANGE },
	{ "8@9223372036854775807(%rax)", "u64 at rax+9223372036854775807" },
	{ "8@9223372036854775808(%rax)", RANGE },
	{ "8@-9223372036854775808(%rax)", "u64 at rax-9223372036854775808" },
	{ "8@$99999999999999999999999999999999999999999999", RANGE },
	{ "8@$0xffffffff*0xffffffff*0xffffffff*0xffffffff*0xffffffff", RANGE },
	{ "99999999999999999999@%rax 8@%rbx",
	  "unavailable: its size is 9999999999 bytes, not 1, 2, 4 or 8; u64 in rbx" },
	{ "4@5", BARE },
	{ "4@(5)", BARE },
	{ "4@()", BARE },
	{ "4@(,4)", "unavailable: a ')' is missing before '4)'" },
	{ "4@DWORD PTR [rbp-4] 8@%rax",
	  "unavailable: 'DWORD' is Intel syntax; u64 in rax" },
	{ "8@rax", "unavailable: 'rax' is Intel syntax" },
	{ "8@[rbp-8]", "unavailable: '[' is Intel syntax" },
	{ "8@foo", "u64 at foo" },
	{ "8@\"a b\"(%rip)", "u64 at a b" },
	{ "8@\"rax\"(%rip)", "u64 at rax" },
	{ "8@\"a", "unavailable: a quoted symbol without name or end" },
	{ "8@(%rax,%rsp)", "unavailable: %rsp cannot be an index" },
	{ "8@(%rip,%rax)", "unavailable: %rip takes no index" },
	{ "8@(%rax,%ebx)", "unavailable: %rax and %ebx differ in width" },
	{ "8@(%al)", "unavailable: al cannot hold an address" },
	{ "8@(%ah)", "unavailable: ah cannot hold an address" },
	{ "8@(%ax)", "unavailable: ax cannot hold an address" },
	{ "8@(%rax,%xmm1)",
	  "unavailable: xmm1 is a vector register, not an address" },
	{ "8@(%rax,%rbx,3)",
	  "unavailable: a scale that is not 1, 2, 4 or 8" },
	{ "8@(%eax)", "u64 at eax" },
	{ "8@8(%rax", "unavailable: a ')' is missing at the end" },
	{ "8@(%rax 8@%rbx)",
	  "unavailable: a ')' is missing before '8@%rbx)'; unavailable: not understood from ')' on" },
	{ "8@a-b(%rip)", "unavailable: a symbol is subtracted" },
	{ "8@a+b(%rip)", "unavailable: two symbols in one sum" },
	{ "8@2*a(%rip)", "unavailable: a symbol is multiplied" },
	{ "8@0x(%rax)", "unavailable: not a number: '0x(%rax)'" },
	{ "8@09(%rax)", "unavailable: not a number: '09(%rax)'" },
	{ "8@$3.14", "unavailable: not a number: '3.14'" },
	{ "8@", "unavailable: nothing after the size" },
	{ "8@ 4@%eax", "unavailable: nothing after the size; u32 in eax" },
	{ "8@%rax,%rbx", "unavailable: not understood from ',%rbx' on" },
	{ "8@? it 4@%eax -1@$3",
	  "unavailable: not understood from '?' on; u32 in eax; s8 constant 3" },
	{ "8@%rax\t-4@%ebx\n1@$7  ",
	  "u64 in rax; s32 in ebx; u8 constant 7" },
	{ "8@$\x01", "unavailable: not understood from '?' on" },
	{ "8@((((((((((((((((((1))))))))))))))))))(%rax)",
	  "unavailable: more than 16 parentheses" },
	{ NULL, NULL },
};

static const struct args_case i386[] = {
	{ "-4@4+4(%esp)", "s32 at esp+8" },
	{ "4@16+mp_@GOTOFF(%eax)", "u32 at mp_@GOTOFF+eax+16" },
	{ "4@%eax 1@%ah", "u32 in eax; u8 in ah" },
	{ "8@%eax", "unavailable: eax is half of a register pair" },
	{ "8@(%eax)", "u64 at eax" },
	{ "4@%gs:20", "u32 at gs:20" },
	{ "4@%rax", "unavailable: i386 has no register %rax" },
	{ "4@%r8d", "unavailable: i386 has no register %r8d" },
	{ "1@%sil", "unavailable: i386 has no register %sil" },
	{ "4@(%eax,%ebx,4)", "u32 at eax+ebx*4" },
	{ "%eax", "u32 in eax" },
	{ "8@%xmm0", "unavailable: %xmm0 is a vector register" },
	{ NULL, NULL },
};

static const struct args_case aarch64[] = {
	{ "4@5", "u32 constant 5" },
	{ "-4@#-5", "s32 constant -5" },
	{ "8@x3", "u64 in x3" },
	{ "-4@w30", "s32 in w30" },
	{ "8@x31", "u64 at x31" },
	{ "8@xzr", "u64 constant 0" },
	{ "wzr", "u32 constant 0" },
	{ "8@[x3]", "u64 at x3" },
	{ "8@[x3, 16]", "u64 at x3+16" },
	{ "8@[x3, #-16]", "u64 at x3-16" },
	{ "-4@[sp, 12] 8@sp", "s32 at sp+12; u64 in sp" },
	{ "1@[x3, x5]", "u8 at x3+x5" },
	{ "1@[x3, xzr]", "u8 at x3" },
	{ "8@[x1, x2, lsl 3]", "u64 at x1+x2*8" },
	{ "8@[x1, x2, lsl #3]", "u64 at x1+x2*8" },
	{ "4@[x1, w2, uxtw 2]", "u32 at x1+uxtw w2*4" },
	{ "4@[x1, w2, sxtw]", "u32 at x1+sxtw w2" },
	{ "4@[x1,w2]", "u32 at x1+uxtw w2" },
	{ "4@[x1, w2, lsl 2]", "unavailable: lsl does not go with w2" },
	{ "4@[x1, x2, lsl 5]", "unavailable: a shift that is too large" },
	{ "8@[x0, #:lo12:foo+8]", "u64 at foo@lo12+x0+8" },
	{ "8@[x0, :lo12:foo]", "u64 at foo@lo12+x0" },
	{ "8f@v0", "unavailable: v0 is a vector register" },
	{ "8f@d31", "unavailable: d31 is a vector register" },
	{ "8@[x0]!", "unavailable: an address that changes its register" },
	{ "8@[x0], 8 4@w1",
	  "unavailable: an address that changes its register; u32 in w1" },
	{ "8@[w0]", "unavailable: w0 cannot be a base" },
	{ "8@[x0 8@x1",
	  "unavailable: a ']' is missing before '8@x1'; u64 in x1" },
	{ "8@fp 8@lr", "u64 in fp; u64 in lr" },
	{ "8@.LC0", "u64 at .LC0" },
	{ NULL, NULL },
};

static const struct args_case arm[] = {
	{ "-4@#5", "s32 constant 5" },
	{ "8f@#3.14e+0", "unavailable: a floating point constant" },
	{ "4@r0 4@fp 4@sb 4@pc", "u32 in r0; u32 in fp; u32 in sb; u32 in pc" },
	{ "8@r0", "unavailable: r0 is half of a register pair" },
	{ "4@[fp, #-8]", "u32 at fp-8" },
	{ "4@[r3]", "u32 at r3" },
	{ "4@[r3, r4]", "u32 at r3+r4" },
	{ "-4@[r5, r4, lsl #2]", "s32 at r5+r4*4" },
	{ "4@5", "unavailable: a number without '#'" },
	{ "8@d7", "unavailable: d7 is a vector register" },
	{ NULL, NULL },
};

static const struct args_case s390[] = {
	{ "8@%r2", "u64 in r2" },
	{ "-4@-5", "s32 constant -5" },
	{ "8@160(%r15)", "u64 at r15+160" },
	{ "8@160(%r2,%r15)", "u64 at r15+r2+160" },
	{ "8@0(%r3,%r0)", "u64 at r3" },
	{ "8f@%f0", "unavailable: f0 is a vector register" },
	{ "8@%a0", "unavailable: not understood from '%a0' on" },
	{ NULL, NULL },
};

static const struct args_case ppc64[] = {
	{ "8@i5 4@i-3", "u64 constant 5; u32 constant 4294967293" },
	{ "8@9", "u64 in r9" },
	{ "8@%r9", "u64 in r9" },
	{ "8@96(31)", "u64 at r31+96" },
	{ "8@-16(1)", "u64 at r1-16" },
	{ "-4@9,4", "s32 at r9+r4" },
	{ "8@f1", "unavailable: f1 is a vector register" },
	{ "8@32", "unavailable: neither a register nor a constant" },
	{ "8@x@toc@l(2)", "u64 at x@toc@l+r2" },
	{ NULL, NULL },
};

static const struct args_case riscv[] = {
	{ "8@5 8@a0 8@x10", "u64 constant 5; u64 in a0; u64 in x10" },
	{ "-4@-20(s0)", "s32 at s0-20" },
	{ "8@(a5)", "u64 at a5" },
	{ "-4@%tprel_lo(.LANCHOR1)(a2)", "s32 at .LANCHOR1@tprel_lo+a2" },
	{ "8@zero", "u64 constant 0" },
	{ "8f@fa0", "unavailable: fa0 is a vector register" },
	{ "8@a8", "u64 at a8" },
	{ NULL, NULL },
};

static const struct args_case mips[] = {
	{ "8@5 8@$4 8@$sp", "u64 constant 5; u64 in r4; u64 in sp" },
	{ "-4@24($fp)", "s32 at fp+24" },
	{ "8@0($2)", "u64 at r2" },
	{ "-4@%got_ofst(x)($2)", "s32 at x@got_ofst+r2" },
	{ "8@$f0", "unavailable: f0 is a vector register" },
	{ NULL, NULL },
};

static const struct args_case loongarch[] = {
	{ "8@5 8@$r4", "u64 constant 5; u64 in r4" },
	{ "8@$r3,16", "u64 at r3+16" },
	{ "8@$r22,-24", "u64 at r22-24" },
	{ "8@$r4,$r5", "u64 at r4+r5" },
	{ "8@$f0", "unavailable: f0 is a vector register" },
	{ NULL, NULL },
};

static const struct args_case unknown[] = {
	{ "8@%rax 4@$1",
	  "unavailable: the syntax of machine 999 is not known; unavailable: the syntax of machine 999 is not known" },
	{ NULL, NULL },
};

static const struct table {
	uint16_t machine;
	int class;
	const struct args_case *cases;
} tables[] = {
	{ EM_X86_64, ELFCLASS64, x86_64 },
	{ EM_386, ELFCLASS32, i386 },
	{ EM_AARCH64, ELFCLASS64, aarch64 },
	{ EM_ARM, ELFCLASS32, arm },
	{ EM_S390, ELFCLASS64, s390 },
	{ EM_PPC64, ELFCLASS64, ppc64 },
	{ EM_RISCV, ELFCLASS64, riscv },
	{ EM_MIPS, ELFCLASS64, mips },
	{ 258, ELFCLASS64, loongarch },
	{ 999, ELFCLASS64, unknown },
};
/* clang-format on */

static char *words(const struct table *table, const char *text)
{
	struct usdt_args args;
	struct usdt_arg arg;
	const char *separator = "";
	char *result;
	size_t size;
	FILE *out = open_memstream(&result, &size);

	usdt_args_begin(&args, table->machine, table->class, text);
	while (usdt_args_next(&args, &arg)) {
		fputs(separator, out);
		usdt_arg_show(&arg, out);
		separator = "; ";
	}
	fclose(out);
	return result;
}

static void run(const struct table *table, const struct args_case *c)
{
	char *got = words(table, c->args), what[128];

	snprintf(what, sizeof(what), "machine %u, '%s'", table->machine,
		 c->args);
	check_text(what, c->expected, got);
	free(got);
}

/* A '^' under each character of an argument. */
static void check_places(void)
{
	static const char text[] = "  8@%rax\t-4@? what 1@$3  %rdi ";
	static const char marks[] = "  ^^^^^^ ^^^^^^^^^ ^^^^  ^^^^ ";
	char got[sizeof(text)];
	struct usdt_args args;
	struct usdt_arg arg;

	memset(got, ' ', sizeof(got) - 1);
	got[sizeof(got) - 1] = '\0';
	usdt_args_begin(&args, EM_X86_64, ELFCLASS64, text);
	while (usdt_args_next(&args, &arg))
		memset(got + arg.pos, '^', arg.length);
	check_text("places", marks, got);
}

/* 64 KiB of one argument, good or bad, take no more time than one pass. */
static void check_long(const char *one, size_t expected)
{
	size_t count = 65536 / strlen(one), i, got = 0;
	char *text = malloc(count * strlen(one) + 1);
	struct usdt_args args;
	struct usdt_arg arg;

	for (i = 0; i < count; i++)
		memcpy(text + i * strlen(one), one, strlen(one));
	text[count * strlen(one)] = '\0';
	usdt_args_begin(&args, EM_X86_64, ELFCLASS64, text);
	while (usdt_args_next(&args, &arg))
		got++;
	check_number(one, expected, got);
	free(text);
}

int main(void)
{
	const struct args_case *c;
	size_t i;

	for (EACH(tables, i))
		for (c = tables[i].cases; c->args; c++)
			run(&tables[i], c);
	check_places();
	check_long("8@%rax ", 65536 / 7);
	check_long("8@? ", 65536 / 4);
	check_long("(", 1);
	check_long("8@\" ", 65536 / 4 / 2);
	return check_end("args");
}
