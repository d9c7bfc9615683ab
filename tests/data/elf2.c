// SPDX-License-Identifier: BSD-2-Clause
/* elf2.c - the other half of elf.c: a local function of a name that it has. */
__asm__(".text\n"
	".type twice, @function\n"
	"twice:	nop\n"
	"	ret\n"
	".size twice, . - twice\n");
