// SPDX-License-Identifier: BSD-2-Clause
/*
 * elf.c - a library for the tests of ELF files and instructions.
 *
 * Built by the tests as a shared library, with elf.map for its versions.
 */
#include <string.h>

__attribute__((section(".counter"))) unsigned short counter = 0;
int exported_data = 7;

/* push %rbp; mov %rsp,%rbp; lock incl (%rdi); pop %rbp; ret; then hlt. */
__asm__(".text\n"
	".globl plain\n"
	".type plain, @function\n"
	"plain:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	lock incl (%rdi)\n"
	"	pop %rbp\n"
	"	ret\n"
	".size plain, . - plain\n"
	".globl stops\n"
	".type stops, @function\n"
	"stops:\n"
	"	hlt\n"
	"	ret\n"
	".size stops, . - stops\n"
	/* An undecodable byte, then a return. */
	".globl garbage\n"
	".type garbage, @function\n"
	"garbage:\n"
	"	.byte 0x06\n"
	"	ret\n"
	".size garbage, . - garbage\n"
	/* One name, two places. */
	".type twice, @function\n"
	"twice:	ret\n"
	".size twice, . - twice\n"
	/* plain::one(int), plain::one(long), plain::operator+(int) */
	".globl _ZN5plain3oneEi\n"
	".type _ZN5plain3oneEi, @function\n"
	"_ZN5plain3oneEi:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	pop %rbp\n"
	"	ret\n"
	".size _ZN5plain3oneEi, . - _ZN5plain3oneEi\n"
	".globl _ZN5plain3oneEl\n"
	".type _ZN5plain3oneEl, @function\n"
	"_ZN5plain3oneEl:	push %rbp\n"
	"	pop %rbp\n"
	"	ret\n"
	".size _ZN5plain3oneEl, . - _ZN5plain3oneEl\n"
	".globl _ZN5plainplEi\n"
	".type _ZN5plainplEi, @function\n"
	"_ZN5plainplEi:	push %rbp\n"
	"	pop %rbp\n"
	"	ret\n"
	".size _ZN5plainplEi, . - _ZN5plainplEi\n");

int versioned_old(int x);
int versioned_new(int x);
__asm__(".symver versioned_old, versioned@V_1");
__asm__(".symver versioned_new, versioned@@V_2");

int versioned_old(int x)
{
	return x + 1;
}

int versioned_new(int x)
{
	return x + 2;
}

static int chosen(int x)
{
	return x;
}

static void *choose(void)
{
	return (void *)chosen;
}

int indirect(int x) __attribute__((ifunc("choose")));

size_t imports(const char *text)
{
	return strlen(text) + 1;
}
