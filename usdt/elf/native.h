/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * native.h - machines: what is particular to each, and which we run on.
 *
 * A machine is a row, found by the e_machine of a file; the file may be of
 * another machine than ours, of which some members are of use nevertheless.
 */
#ifndef USDT_ELF_NATIVE_H
#define USDT_ELF_NATIVE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258 /* gABI registry; glibc 2.36 */
#endif

/* The only question of the kind: all else is a member of the row. */
#if defined(__x86_64__)
#define MACHINE_NATIVE EM_X86_64
#elif defined(__i386__)
#define MACHINE_NATIVE EM_386
#elif defined(__aarch64__)
#define MACHINE_NATIVE EM_AARCH64
#elif defined(__arm__)
#define MACHINE_NATIVE EM_ARM
#elif defined(__riscv)
#define MACHINE_NATIVE EM_RISCV
#elif defined(__s390x__)
#define MACHINE_NATIVE EM_S390
#elif defined(__powerpc64__)
#define MACHINE_NATIVE EM_PPC64
#elif defined(__powerpc__)
#define MACHINE_NATIVE EM_PPC
#elif defined(__mips__)
#define MACHINE_NATIVE EM_MIPS
#elif defined(__loongarch__)
#define MACHINE_NATIVE EM_LOONGARCH
#else
#define MACHINE_NATIVE EM_NONE
#endif

enum { NOP_SHOWN = 4 }; /* bytes of a nop that tell it */

struct nop {
	size_t size; /* 0 ends a table */
	uint8_t bytes[NOP_SHOWN];
};

/* Where struct pt_regs has the registers, by their numbers. */
struct machine_regs {
	uint8_t count; /* 0: not known */
	/* offset of number 0, and all others in order, or else */
	uint8_t first;
	const int16_t *table; /* the offset of each; -1 is none */
};

/* How the assembler writes operands. */
enum machine_syntax {
	SYNTAX_PLAIN,
	SYNTAX_X86,
	SYNTAX_AARCH64,
	SYNTAX_ARM,
};

struct machine {
	uint16_t number; /* e_machine */
	const char *name; /* "x86-64" */
	unsigned int bits; /* of its addresses; 0: both are usual */
	enum machine_syntax syntax;
	struct machine_regs regs;

	/* Bytes of an instruction where all have as many, or else length();
	   with neither it is not known where instructions begin. */
	unsigned int step;
	size_t (*length)(const uint8_t *code, size_t size, unsigned int bits);
	/* Why the kernel cannot probe an instruction (insn_x86.h), or NULL. */
	const char *(*refused)(const uint8_t *code, size_t size,
			       unsigned int bits, bool entry);
	const struct nop *nops; /* of sys/sdt.h; NULL: not known */
	const char *nop_prefixes; /* bytes that may stand before; NULL: none */

	/* Of a kernel of this machine, and of its root directory. */
	uint16_t runs; /* e_machine of other programs that it runs, or 0 */
	const char *call_prefix; /* of the symbols of system calls */
	const char *library_dirs[2]; /* besides those that all have */
	uint32_t cache_flags; /* of ld.so.cache: sysdeps/generic/ldconfig.h */
};

/* The row of an e_machine, or NULL. */
const struct machine *machine_find(uint16_t number);

/* Ours; where it is unknown, a row without anything particular. */
const struct machine *machine_native(void);

/* NULL when unknown. */
const char *machine_name(uint16_t number);

#endif
