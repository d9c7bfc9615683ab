/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * args.h - the arguments of a static probe, as its note spells them.
 *
 * The text of a note's arguments is what the compiler printed for operands of
 * inline assembly, each with its size in front: "-4@%edi 8@-16(%rbp)".  It is
 * therefore a part of the assembler's syntax for the machine of the *file*, and
 * the same text means different things on different machines: the parser is
 * chosen by e_machine, never by the host.
 *
 * An argument that is not understood, or that no BPF program could fetch, keeps
 * its place in the list: it is USDT_UNAVAILABLE with the reason in why.
 * Parsing resumes at the next white space that a size follows ("8@").
 *
 * Lifetime: a struct usdt_arg points into the text that it was made from.
 * Locking: none is needed; nothing here keeps state or allocates.
 */
#ifndef USDT_ARGS_H
#define USDT_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	USDT_WHY = 112, /* bytes of a reason, NUL included */
	USDT_REG_NAME = 8,
};

enum usdt_kind {
	USDT_UNAVAILABLE, /* why says why; size and sign are still good */
	USDT_CONST, /* value, plus the address of symbol if one is named */
	USDT_REG, /* in base */
	USDT_MEMORY, /* at segment: base + index * scale + symbol + value */
};

enum usdt_reg_class {
	USDT_REG_NONE, /* no register */
	USDT_REG_GENERAL, /* number is the one of the instruction set */
	USDT_REG_HIGH, /* ah, ch, dh, bh: bits 8..15 of number */
	USDT_REG_STACK, /* the stack pointer, where it is no index register */
	USDT_REG_IP, /* rip, pc: the address of the probe */
	USDT_REG_ZERO, /* xzr, riz: reads as 0 */
	USDT_REG_SEGMENT, /* fs, gs, ... */
	USDT_REG_VECTOR, /* vector, mask or floating point: not in pt_regs */
};

struct usdt_reg {
	char name[USDT_REG_NAME]; /* lower case, without % or $ */
	uint8_t class; /* enum usdt_reg_class */
	uint8_t number;
	uint8_t width; /* bytes; 0 for a vector register */
};

/* How a 32-bit index register of aarch64 becomes 64 bits. */
enum usdt_extend {
	USDT_EXTEND_NONE,
	USDT_EXTEND_ZERO,
	USDT_EXTEND_SIGN,
};

struct usdt_span { /* part of the text; length 0 is none */
	const char *at;
	size_t length;
};

struct usdt_arg {
	enum usdt_kind kind;
	uint64_t size; /* bytes, as written or of the register or word */
	bool is_signed; /* the size has a "-" */
	bool is_float; /* the size has an "f" */
	size_t pos; /* where in the text it begins, size included */
	size_t length;
	struct usdt_reg base, index, segment;
	uint32_t scale; /* of index: a power of two */
	uint8_t extend; /* of index: enum usdt_extend */
	uint64_t value; /* constant, or displacement in two's complement */
	struct usdt_span symbol; /* added; without quotes */
	struct usdt_span reloc; /* of symbol: GOTPCREL, tpoff, lo12, ... */
	char why[USDT_WHY]; /* a phrase, control characters as '?' */
};

struct usdt_args { /* a walk over the arguments of one note */
	const char *text;
	size_t at;
	uint16_t machine;
	int class;
};

/* machine is e_machine, class is ELFCLASS32 or ELFCLASS64; text has a NUL. */
void usdt_args_begin(struct usdt_args *args, uint16_t machine, int class,
		     const char *text);

/* The next argument; false after the last.  Linear in the text altogether. */
bool usdt_args_next(struct usdt_args *args, struct usdt_arg *arg);

/* True when there is a parser for the machine. */
bool usdt_args_known(uint16_t machine);

/* Makes it unavailable for the reason; the first reason given is kept. */
void usdt_arg_refuse(struct usdt_arg *arg, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "s32 at rbp-1204", "unavailable: %xmm0 is a vector register". */
void usdt_arg_show(const struct usdt_arg *arg, FILE *out);

#endif
