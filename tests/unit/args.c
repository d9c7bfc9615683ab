// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* args.c - arguments of x86-64 and i386, and of lists in general. */
#include <elf.h>

#include "tests/unit/args_cases.h"

#define BARE \
	"unavailable: a bare number is an address in AT&T syntax and a constant in Intel's"
#define RANGE "unavailable: a number out of range"

/* clang-format off */
static const struct args_case x86_64[] = {
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
	{ "-4 @ %eax 8\t@\n-8(%rbp) 8f @%rax -1@ $-3",
	  "s32 in eax; u64 at rbp-8; f64 in rax; s8 constant -3" },
	{ "8@16 (%rbp) 4@8 ( %rax , %rbx , 4 ) 1@ $ 5 8@  (%rsp)",
	  "u64 at rbp+16; u32 at rax+rbx*4+8; u8 constant 5; u64 at rsp" },
	{ "8@x (%rip) 8@16 %rax",
	  "u64 at x; unavailable: a bare number is an address in AT&T syntax and a constant in Intel's" },
	{ "%rdi (%rsi) 8(%rbp)", "u64 in rdi; u64 at rsi; u64 at rbp+8" },
	{ "8 @", "unavailable: nothing after the size" },
	{ "8@ ", "unavailable: nothing after the size" },
	{ "8 @ 4 @ %eax", "unavailable: nothing after the size; u32 in eax" },
	{ "8@ 4@%eax", "unavailable: nothing after the size; u32 in eax" },
	{ "8@%rax,%rbx", "unavailable: not understood from ',%rbx' on" },
	{ "8@? it 4@%eax -1@$3",
	  "unavailable: not understood from '?' on; u32 in eax; s8 constant 3" },
	{ "8@%rax\t-4@%ebx\n1@$7  ",
	  "u64 in rax; s32 in ebx; u8 constant 7" },
	{ "8@$\x01", "unavailable: not understood from '?' on" },
	{ "8@((((((((((((((((((1))))))))))))))))))(%rax)",
	  "unavailable: more than 16 parentheses" },
	{ "8@%xmm15", "unavailable: %xmm15 is a vector register" },
	{ "8@%XMM1", "unavailable: %xmm1 is a vector register" },
	{ "8@%ymm0", "unavailable: %ymm0 is a vector register" },
	{ "8@%ymm31", "unavailable: %ymm31 is a vector register" },
	{ "8@%zmm0", "unavailable: %zmm0 is a vector register" },
	{ "8@%zmm31", "unavailable: %zmm31 is a vector register" },
	{ "8@%tmm7", "unavailable: %tmm7 is a vector register" },
	{ "8@%mm0", "unavailable: %mm0 is a vector register" },
	{ "8@%mm7", "unavailable: %mm7 is a vector register" },
	{ "8@%k0", "unavailable: %k0 is a vector register" },
	{ "8@%k7", "unavailable: %k7 is a vector register" },
	{ "8@%st", "unavailable: %st is a vector register" },
	{ "8@%ST(0)", "unavailable: %st(0) is a vector register" },
	{ "8@%st(7)", "unavailable: %st(7) is a vector register" },
	{ "8@%xmm32", "unavailable: no such register: '%xmm32'" },
	{ "8@%ymm32", "unavailable: no such register: '%ymm32'" },
	{ "8@%zmm32", "unavailable: no such register: '%zmm32'" },
	{ "8@%mm8", "unavailable: no such register: '%mm8'" },
	{ "8@%k8", "unavailable: no such register: '%k8'" },
	{ "2@%cs 2@%ss",
	  "unavailable: %cs is a segment register; unavailable: %ss is a segment register" },
	{ "2@%ds 2@%es 2@%GS",
	  "unavailable: %ds is a segment register; unavailable: %es is a segment register; unavailable: %gs is a segment register" },
	{ "8@%rax 8@%rbx 8@%rcx 8@%rdx 8@%rsi 8@%rdi 8@%rbp 8@%rsp",
	  "u64 in rax; u64 in rbx; u64 in rcx; u64 in rdx; u64 in rsi; u64 in rdi; u64 in rbp; u64 in rsp" },
	{ "%eax %ebx %ecx %edx %esi %edi %ebp %esp",
	  "u32 in eax; u32 in ebx; u32 in ecx; u32 in edx; u32 in esi; u32 in edi; u32 in ebp; u32 in esp" },
	{ "%ax %bx %cx %dx %si %di %bp %sp",
	  "u16 in ax; u16 in bx; u16 in cx; u16 in dx; u16 in si; u16 in di; u16 in bp; u16 in sp" },
	{ "%al %bl %cl %dl %sil %dil %bpl %spl",
	  "u8 in al; u8 in bl; u8 in cl; u8 in dl; u8 in sil; u8 in dil; u8 in bpl; u8 in spl" },
	{ "%ah %bh %ch %dh", "u8 in ah; u8 in bh; u8 in ch; u8 in dh" },
	{ "%r8 %r9d %r10w %r11b %r12l",
	  "u64 in r8; u32 in r9d; u16 in r10w; u8 in r11b; u8 in r12l" },
	{ "%r16 %r17d %r18w %r19b %r31d",
	  "u64 in r16; u32 in r17d; u16 in r18w; u8 in r19b; u32 in r31d" },
	{ "8@(%r16,%r31,2)", "u64 at r16+r31*2" },
	{ "8@%r7", "unavailable: no such register: '%r7'" },
	{ "8@%r8q", "unavailable: no such register: '%r8q'" },
	{ "%RDI -4@%R13D", "u64 in rdi; s32 in r13d" },
	{ "8@-8(%RBP,%Rax,8)", "u64 at rbp+rax*8-8" },
	{ "4@%FS:0x28", "u32 at fs:40" },
	{ "4@%eip %eip", "u32 in eip; u32 in eip" },
	{ "4@x(%eip)", "u32 at x" },
	{ "8@8(%eip)", "u64 at eip+8" },
	{ "8@(%eax,%eiz)", "u64 at eax" },
	{ "8@x(,%eiz,2) 8@x(,%riz,8)", "u64 at x; u64 at x" },
	{ "8@(%rax,%eiz)", "unavailable: %rax and %eiz differ in width" },
	{ "8@(%riz)", "unavailable: %riz cannot be a base" },
	{ "8@(%eiz,%eax)", "unavailable: %eiz cannot be a base" },
	{ "8@(%rax,%rip)", "unavailable: %rip cannot be an index" },
	{ "8@(%fs)", "unavailable: fs cannot hold an address" },
	{ "8@%cs:x 8@%ds:(%rax) 8@%es:8(%rax) 8@%ss:x+8(%rip)",
	  "u64 at cs:x; u64 at ds:rax; u64 at es:rax+8; u64 at ss:x+8" },
	{ "8@%fs:(%rax,%rbx,2)", "u64 at fs:rax+rbx*2" },
	{ "8@foo+8", "u64 at foo+8" },
	{ "8@_a.b$1-8", "u64 at _a.b$1-8" },
	{ "8@x@GOT(%rip) 8@x@PLT(%rip)", "u64 at x@GOT; u64 at x@PLT" },
	{ "8@%fs:x@ntpoff 8@x@dtpoff(%rax)",
	  "u64 at fs:x@ntpoff; u64 at x@dtpoff+rax" },
	{ "8@offset(%rip) 8@k1+4(%rip) 8@st(%rax) 8@byte(,%rax,8)",
	  "u64 at offset; u64 at k1+4; u64 at st+rax; u64 at byte+rax*8" },
	{ "8@%fs:cs@tpoff", "u64 at fs:cs@tpoff" },
	{ "8@st(1)", "unavailable: 'st' is Intel syntax" },
	{ "8@OFFSET FLAT:x", "unavailable: 'OFFSET' is Intel syntax" },
	{ "8@%rax\v4@%ebx\f1@$7\r%esi\n2@%cx\t%al",
	  "u64 in rax; u32 in ebx; u8 constant 7; u32 in esi; u16 in cx; u8 in al" },
	{ "\v\f\r", "" },
	{ "8@(\v%rax\f,\r%rbx\t)", "u64 at rax+rbx" },
	{ "8@( 1\v+\f2 )(%rax)", "u64 at rax+3" },
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
	{ "%eax %cx %dl %bh %esp %eiz",
	  "u32 in eax; u16 in cx; u8 in dl; u8 in bh; u32 in esp; u32 constant 0" },
	{ "4@%EBX", "u32 in ebx" },
	{ "4@8(%eax,%eiz,2)", "u32 at eax+8" },
	{ "4@%eip", "unavailable: i386 has no register %eip" },
	{ "4@x(%eip)", "unavailable: i386 has no register %eip" },
	{ "4@%riz", "unavailable: i386 has no register %riz" },
	{ "4@%r16d", "unavailable: i386 has no register %r16d" },
	{ "4@x(,%eax,4) 4@x", "u32 at x+eax*4; u32 at x" },
	{ "4@x@GOT(%ebx) 4@%gs:x@ntpoff",
	  "u32 at x@GOT+ebx; u32 at gs:x@ntpoff" },
	{ "4@$x 4@$-1", "u32 address of x; u32 constant 4294967295" },
	{ "8@$-1", "u64 constant 18446744073709551615" },
	{ "8@%ymm1", "unavailable: %ymm1 is a vector register" },
	{ "8@%zmm2", "unavailable: %zmm2 is a vector register" },
	{ "8@%mm3", "unavailable: %mm3 is a vector register" },
	{ "8@%k4", "unavailable: %k4 is a vector register" },
	{ "8@%st", "unavailable: %st is a vector register" },
	{ "8@%st(5)", "unavailable: %st(5) is a vector register" },
	{ "2@%ds", "unavailable: %ds is a segment register" },
	{ NULL, NULL },
};

static const struct args_table tables[] = {
	{ EM_X86_64, ELFCLASS64, x86_64 },
	{ EM_386, ELFCLASS32, i386 },
};
/* clang-format on */

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
	size_t i;

	for (EACH(tables, i))
		check_table(&tables[i]);
	check_places();
	check_long("8@%rax ", 65536 / 7);
	check_long("8@? ", 65536 / 4);
	check_long("(", 1);
	check_long("8@\" ", 65536 / 4 / 2);
	return check_end("args");
}
