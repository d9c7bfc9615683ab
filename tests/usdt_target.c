// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt_target.c - static probes with arguments of all shapes, whose values are
 * known.
 *
 *	usdt_target            fires each probe once
 *	usdt_target -e [sx]    prints the value of each argument, as usdt_values
 *	                       does; s: the program reads base and index, x: the
 *	                       probes are in a file with fixed addresses
 *	usdt_target -i         a line "fire" or "semaphores" does that and answers
 *
 * Built as a whole, or with USDT_LIBRARY and USDT_MAIN as two parts.  The notes
 * are spelled out, so that no package is needed and each shape is as told.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void usdt_fire(void);
void usdt_semaphores(unsigned int *a, unsigned int *b);

#ifndef USDT_MAIN

/* clang-format off */
#define NOTE(provider, name, semaphore, args)                             \
	NOTE_AT("990b", provider, name, semaphore, args)
#define NOTE_AT(place, provider, name, semaphore, args)                   \
	".pushsection .note.stapsdt,\"\",\"note\"\n"                      \
	".balign 4\n"                                                     \
	".4byte 992f-991f, 994f-993f, 3\n"                                \
	"991: .asciz \"stapsdt\"\n"                                       \
	"992: .balign 4\n"                                                \
	"993: .8byte " place ", _.stapsdt.base, " semaphore "\n"          \
	".asciz \"" provider "\"\n"                                       \
	".asciz \"" name "\"\n"                                           \
	".asciz \"" args "\"\n"                                           \
	"994: .balign 4\n"                                                \
	".popsection\n"

#define BASE                                                              \
	".pushsection .stapsdt.base,\"aG\",\"progbits\",.stapsdt.base,comdat\n" \
	".weak _.stapsdt.base\n"                                          \
	".hidden _.stapsdt.base\n"                                        \
	"_.stapsdt.base: .space 1\n"                                      \
	".size _.stapsdt.base, 1\n"                                       \
	".popsection\n"

#define PROBE(provider, name, args)                                       \
	"990: nop\n" NOTE(provider, name, "0", args)
#define PROBE_WITH(semaphore, name)                                       \
	"990: nop\n" NOTE("sema", name, semaphore, "8@$1")
/* What newer headers put there: the kernel makes a call of the second nop. */
#define PROBE_NOP5(name, args)                                            \
	"990: nop\n" ".byte 0x0f, 0x1f, 0x44, 0, 0\n"                     \
	NOTE("nop5", name, "0", args)

__asm__(".data\n"
	".balign 64\n"
	".globl usdt_data\n"
	".hidden usdt_data\n"
	".type usdt_data, @object\n"
	"usdt_data:\n"
	".quad 0x1111111111111111, 0x2222222222222222\n"
	".quad 0x8333333380000003, 0x4444444444444444\n"
	".quad 0x5555555555555555, 0, 0, 0\n"
	".size usdt_data, 64\n"
	".pushsection .probes,\"aw\",\"progbits\"\n"
	".balign 2\n"
	".globl usdt_semaphore_a, usdt_semaphore_b\n"
	".hidden usdt_semaphore_a, usdt_semaphore_b\n"
	".type usdt_semaphore_a, @object\n"
	".type usdt_semaphore_b, @object\n"
	"usdt_semaphore_a: .2byte 0\n"
	"usdt_semaphore_b: .2byte 0\n"
	".size usdt_semaphore_a, 2\n"
	".size usdt_semaphore_b, 2\n"
	".popsection\n"
	".text\n"
	".globl usdt_shapes\n"
	".hidden usdt_shapes\n"
	".type usdt_shapes, @function\n"
	"usdt_shapes:\n"
	"	push %rbx\n"
	"	push %rbp\n"
	"	push %r12\n"
	"	push %r13\n"
	"	push %r14\n"
	"	push %r15\n"
	"	sub $264, %rsp\n"
	"	movq $0x77, 8(%rsp)\n"
	BASE
	"	movabs $0x1122334455667788, %rax\n"
	"	movabs $0xffffffff80000001, %rbx\n"
	"	movabs $0x123456789abcdef0, %rcx\n"
	"	mov $0x80fe, %edx\n"
	"	mov $-1, %r8\n"
	"	mov $-2, %r9\n"
	"	mov $-3, %r10\n"
	"	mov $-4, %r11\n"
	"	mov $0x12, %r12d\n"
	"	mov $-13, %r13\n"
	"	mov $0x14, %r14d\n"
	"	mov $0x15, %r15d\n"
	"	mov $0x16, %ebp\n"
	"	mov $0x17, %esi\n"
	"	mov $0x18, %edi\n"
	PROBE("shape", "regs",
	      "8@%rax -4@%ebx 2@%cx -1@%dl 1@%dh -1@%dh 8@%r8 4@%r9d "
	      "-2@%r10w 1@%r11b %r12 %r13d")
	PROBE("shape", "regs2",
	      "8@%rbp 8@%rsi -8@%rdi 8@%r14 8@%r15 1@%ecx -4@%rbx 4@%ebx")
	PROBE("shape", "const",
	      "8@$18446744073709551615 -8@$-9223372036854775808 4@$-1 1@$255 "
	      "-1@$255 2@$0x1234 8@$0 -4@$1+2 8f@$0x40091eb851eb851f")
	"	lea usdt_data+16(%rip), %rbx\n"
	PROBE("shape", "memory",
	      "8@(%rbx) -8@-8(%rbx) 4@(%rbx) -4@(%rbx) 2@1(%rbx) -1@7(%rbx) "
	      "8@8(%rsp) 8@-8+16(%rbx) %ds:8(%rbx)")
	"	lea usdt_data(%rip), %rbx\n"
	"	mov $1, %ecx\n"
	"	lea 8(%rbx), %rdx\n"
	"	mov %rbx, %rsi\n"
	"	shr $1, %rsi\n"
	PROBE("shape", "index",
	      "8@(%rbx,%rcx,8) 8@8(%rbx,%rcx,8) 8@7(%rbx,%rcx) "
	      "4@15(%rbx,%rcx,1) 8@8(,%rdx,1) 8@8(,%rsi,2) -2@-16(%rdx,%rcx,8)")
	PROBE("shape", "symbol",
	      "-4@usdt_data(%rip) 8@8+usdt_data(%rip) 8@usdt_data+24(%rip) "
	      "8@usdt_missing(%rip)")
	PROBE("shape", "fixed",
	      "8@usdt_data 8@usdt_data+8 8@usdt_data(,%rcx,8) "
	      "8@usdt_data+8(%rcx,%rcx,8)")
	PROBE("shape", "bad",
	      "4@%edi 8@%xmm0 16@%rax 8@%fs:0 nonsense "
	      "8@usdt_data@GOTPCREL(%rip) -4@$7")
	PROBE("shape", "many",
	      "1@$1 1@$2 1@$3 1@$4 1@$5 1@$6 1@$7 1@$8 1@$9 1@$10 1@$11 1@$12 "
	      "1@$13")
	PROBE("shape", "none", "")
	PROBE("shape", "colon", ":8@%rax")
	PROBE_NOP5("five", "4@%ecx 8@8+usdt_data(%rip) -4@$5")
	"	add $264, %rsp\n"
	"	pop %r15\n"
	"	pop %r14\n"
	"	pop %r13\n"
	"	pop %r12\n"
	"	pop %rbp\n"
	"	pop %rbx\n"
	"	ret\n"
	".size usdt_shapes, . - usdt_shapes\n"
	".globl usdt_others\n"
	".hidden usdt_others\n"
	".type usdt_others, @function\n"
	"usdt_others:\n"
	"	mov $3, %edi\n"
	PROBE("sites", "place", "4@$1")
	PROBE("sites", "place", "4@$2")
	PROBE("sites", "place", "4@%edi")
	PROBE("glob_x", "one", "4@$1")
	PROBE("glob_x", "two", "4@$2")
	PROBE("glob_y", "one", "4@$3")
	PROBE("glob_y", "b[r]", "4@$4")
	PROBE("glob_y", "br", "4@$5")
	PROBE_WITH("usdt_semaphore_a", "first")
	PROBE_WITH("usdt_semaphore_a", "second")
	PROBE_WITH("usdt_semaphore_b", "third")
	/* Two probes at one place that do not agree. */
	"990: nop\n"
	NOTE("clash", "with", "usdt_semaphore_b", "")
	NOTE("clash", "without", "0", "")
	/* What cannot be attached. */
	NOTE_AT("usdt_data", "fault", "data", "0", "")
	NOTE_AT("0x7fff0000", "fault", "nowhere", "0", "4@$1")
	NOTE("fault", "text", "usdt_shapes", "")
	NOTE("fault", "odd", "usdt_semaphore_a+1", "")
	NOTE("fault", "lost", "0x7fff0000", "")
	NOTE("mixed", "good", "0", "4@$1")
	NOTE_AT("usdt_data", "mixed", "bad", "0", "")
	"	ret\n"
	".size usdt_others, . - usdt_others\n"
	".section .note.GNU-stack,\"\",@progbits\n"
	".text\n");
/* clang-format on */

void usdt_shapes(void);
void usdt_others(void);
extern volatile unsigned short usdt_semaphore_a
	__attribute__((visibility("hidden")));
extern volatile unsigned short usdt_semaphore_b
	__attribute__((visibility("hidden")));

void usdt_semaphores(unsigned int *a, unsigned int *b)
{
	*a = usdt_semaphore_a;
	*b = usdt_semaphore_b;
}

void usdt_fire(void)
{
	usdt_shapes();
	usdt_others();
}

#endif /* USDT_MAIN */

#ifndef USDT_LIBRARY

/* 's' and 'x' before a value: see above; '!': never. */
static const struct probe {
	const char *name;
	const char *values;
} probes[] = {
	{ "regs",
	  "1122334455667788 ffffffff80000001 def0 fffffffffffffffe 80 "
	  "ffffffffffffff80 ffffffffffffffff fffffffe fffffffffffffffd fc 12 "
	  "fffffff3" },
	{ "regs2", "16 17 18 14 15 f0 ffffffff80000001 80000001" },
	{ "const",
	  "ffffffffffffffff 8000000000000000 ffffffff ff ffffffffffffffff 1234 "
	  "0 3 40091eb851eb851f" },
	{ "memory",
	  "8333333380000003 2222222222222222 80000003 ffffffff80000003 0 "
	  "ffffffffffffff83 77 4444444444444444 4444444444444444" },
	{ "index",
	  "s2222222222222222 s8333333380000003 s2222222222222222 s80000003 "
	  "8333333380000003 s2222222222222222 s1111" },
	{ "symbol", "11111111 2222222222222222 4444444444444444 !" },
	{ "fixed", "x1111111111111111 x2222222222222222 sx2222222222222222 !" },
	{ "bad", "18 ! ! ! ! ! 7" },
	{ "many", "1 2 3 4 5 6 7 8 9 a b c" },
	{ "none", "" },
	{ "colon", "" },
};

static void show_value(const char *value, const char *flags)
{
	for (; *value == 's' || *value == 'x'; value++)
		if (!strchr(flags, *value)) {
			fputs(" !", stdout);
			return;
		}
	printf(" %.*s", (int)strcspn(value, " "), value);
}

/* Each was hit once. */
static void show_expected(const char *flags)
{
	const char *value;
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
		printf("%zu: 1", i);
		value = probes[i].values;
		while (*value) {
			show_value(value, flags);
			value += strcspn(value, " ");
			value += *value == ' ';
		}
		putchar('\n');
	}
}

static void show_names(void)
{
	size_t i;

	for (i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		puts(probes[i].name);
}

static int converse(void)
{
	unsigned int a, b;
	char line[64];

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (scanf("%63s", line) == 1) {
		if (!strcmp(line, "fire")) {
			usdt_fire();
			puts("ok");
		} else {
			usdt_semaphores(&a, &b);
			printf("%u %u\n", a, b);
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 1)
		usdt_fire();
	else if (!strcmp(argv[1], "-e"))
		show_expected(argc > 2 ? argv[2] : "");
	else if (!strcmp(argv[1], "-n"))
		show_names();
	else if (!strcmp(argv[1], "-i"))
		return converse();
	else
		return 2;
	return 0;
}

#endif /* USDT_LIBRARY */
