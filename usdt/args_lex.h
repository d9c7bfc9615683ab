/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * args_lex.h - what the operand parsers of args_*.c have in common.
 *
 * Private to usdt/args*.c.  Every parser returns true when it understood, or
 * false after refuse() has said why; the cursor is then anywhere.
 */
#ifndef USDT_ARGS_LEX_H
#define USDT_ARGS_LEX_H

#include "usdt/args.h"

struct lex {
	const char *at;
	uint16_t machine;
	uint8_t word; /* bytes of an address: 4 or 8 */
	bool sized; /* the operand has a size in front */
	unsigned int depth; /* of parentheses */
	struct usdt_arg *arg; /* what is being made */
};

/* [first..last] of a numbered row follow the name: "r" 8..15 "d" is r8d. */
struct reg_row {
	const char *name; /* in lower case; NULL ends a table */
	const char *suffix; /* after the number; NULL when not numbered */
	uint8_t first, last;
	uint8_t class; /* enum usdt_reg_class */
	uint8_t number; /* of the first */
	uint8_t width; /* bytes; 0 is a word of the machine */
};

/* Rows of such a table: a name, and a prefix with numbers behind it. */
#define REG(text, kind, id, bytes)                                        \
	{                                                                 \
		.name = text, .class = kind, .number = id, .width = bytes \
	}
#define REGS(prefix, tail, from, to, kind, id, bytes)                      \
	{                                                                  \
		.name = prefix, .suffix = tail, .first = from, .last = to, \
		.class = kind, .number = id, .width = bytes                \
	}

struct expr { /* a sum with at most one symbol */
	__int128 value;
	bool too_large;
	bool quoted; /* the symbol was */
	struct usdt_span symbol, reloc;
};

bool refuse(struct lex *lex, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline bool lex_is(const struct lex *lex, char c)
{
	return *lex->at == c;
}

bool lex_take(struct lex *lex, char c); /* takes it if it is next */
bool lex_expect(struct lex *lex, char c); /* refuses if it is not */
void lex_blanks(struct lex *lex);
/*
 * Passes over blanks before a '(', where they cannot be those between two
 * arguments: "8@16 (%rbp)".
 */
void lex_gap(struct lex *lex);
bool lex_blank(char c);
bool lex_digit(char c);
bool lex_letter(char c); /* what a symbol may begin with, but for quotes */

/* Refuses: the rest of the operand, up to white space, is not understood. */
bool lex_confused(struct lex *lex);

/* A word in the table, whole and in any case: taken, and true. */
bool lex_reg(struct lex *lex, const struct reg_row *table,
	     struct usdt_reg *reg);

/* The name of a relocation, which has a character at least; refuses if not. */
bool lex_reloc(struct lex *lex, struct usdt_span *reloc);

/* The register can hold an address or an offset; refuses if not. */
bool lex_address_reg(struct lex *lex, const struct usdt_reg *reg);

/* As GAS computes: "8+sym@GOTOFF", "-(2*3)+1", "0x10". */
bool expr_parse(struct lex *lex, struct expr *expr);

/* The operand is a constant (or $symbol), or a displacement: sets value. */
bool expr_const(struct lex *lex, const struct expr *expr);
bool expr_displacement(struct lex *lex, const struct expr *expr);

/* The same of the sum that is next. */
bool take_const(struct lex *lex);
bool take_displacement(struct lex *lex);

/* An index that reads as 0 is none, and none is neither scaled nor extended. */
void settle_index(struct usdt_arg *arg);

/*
 * The operand is the register: a constant 0 for xzr, unavailable though
 * understood for vectors.  True.
 */
bool operand_reg(struct lex *lex, const struct usdt_reg *reg);

bool operand_x86(struct lex *lex); /* x86-64, i386; AT&T syntax */
bool operand_aarch64(struct lex *lex);
bool operand_arm(struct lex *lex);
bool operand_plain(struct lex *lex); /* riscv, s390, ppc, mips, loongarch */

#endif
