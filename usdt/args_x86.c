// SPDX-License-Identifier: BSD-2-Clause
/* args_x86.c - operands of x86-64 and i386, in AT&T syntax. */
#include <elf.h>
#include <string.h>
#include <strings.h>

#include "array.h"
#include "usdt/args_lex.h"

/*
 * GAS: opcodes/i386-reg.tbl.  Numbers are the hardware's; names that i386 does
 * not have are told by number and width.
 */
/* clang-format off */
#define LEGACY(id, q, d, w, b)                                              \
	REG(q, USDT_REG_GENERAL, id, 8), REG(d, USDT_REG_GENERAL, id, 4),    \
	REG(w, USDT_REG_GENERAL, id, 2), REG(b, USDT_REG_GENERAL, id, 1)

static const struct reg_row registers[] = {
	LEGACY(0, "rax", "eax", "ax", "al"),
	LEGACY(1, "rcx", "ecx", "cx", "cl"),
	LEGACY(2, "rdx", "edx", "dx", "dl"),
	LEGACY(3, "rbx", "ebx", "bx", "bl"),
	LEGACY(5, "rbp", "ebp", "bp", "bpl"),
	LEGACY(6, "rsi", "esi", "si", "sil"),
	LEGACY(7, "rdi", "edi", "di", "dil"),
	REG("rsp", USDT_REG_STACK, 4, 8),
	REG("esp", USDT_REG_STACK, 4, 4),
	REG("sp", USDT_REG_STACK, 4, 2),
	REG("spl", USDT_REG_STACK, 4, 1),
	REG("ah", USDT_REG_HIGH, 0, 1),
	REG("ch", USDT_REG_HIGH, 1, 1),
	REG("dh", USDT_REG_HIGH, 2, 1),
	REG("bh", USDT_REG_HIGH, 3, 1),
	REGS("r", "", 8, 31, USDT_REG_GENERAL, 8, 8),  /* 16..31: APX */
	REGS("r", "d", 8, 31, USDT_REG_GENERAL, 8, 4),
	REGS("r", "w", 8, 31, USDT_REG_GENERAL, 8, 2),
	REGS("r", "b", 8, 31, USDT_REG_GENERAL, 8, 1),
	REGS("r", "l", 8, 31, USDT_REG_GENERAL, 8, 1),
	REG("rip", USDT_REG_IP, 32, 8),
	REG("eip", USDT_REG_IP, 32, 4),
	REG("riz", USDT_REG_ZERO, 0, 8),
	REG("eiz", USDT_REG_ZERO, 0, 4),
	REG("cs", USDT_REG_SEGMENT, 0, 2),
	REG("ds", USDT_REG_SEGMENT, 0, 2),
	REG("es", USDT_REG_SEGMENT, 0, 2),
	REG("fs", USDT_REG_SEGMENT, 0, 2),
	REG("gs", USDT_REG_SEGMENT, 0, 2),
	REG("ss", USDT_REG_SEGMENT, 0, 2),
	REGS("xmm", "", 0, 31, USDT_REG_VECTOR, 0, 16),
	REGS("ymm", "", 0, 31, USDT_REG_VECTOR, 0, 32),
	REGS("zmm", "", 0, 31, USDT_REG_VECTOR, 0, 64),
	REGS("tmm", "", 0, 7, USDT_REG_VECTOR, 0, 64),
	REGS("mm", "", 0, 7, USDT_REG_VECTOR, 0, 8),
	REGS("k", "", 0, 7, USDT_REG_VECTOR, 0, 8),
	REGS("st(", ")", 0, 7, USDT_REG_VECTOR, 0, 10),
	REG("st", USDT_REG_VECTOR, 0, 10),
	{ .name = NULL },
};
/* clang-format on */

static bool is_long_mode(const struct lex *lex)
{
	return lex->machine == EM_X86_64;
}

/* After the '%'. */
static bool reg_take(struct lex *lex, struct usdt_reg *reg)
{
	if (!lex_reg(lex, registers, reg))
		return refuse(lex, "no such register: '%%%.12s'", lex->at);
	if (is_long_mode(lex) || reg->class == USDT_REG_VECTOR)
		return true;
	/* eip, and what needs a REX prefix: spl, bpl, sil, dil, the wide. */
	if (reg->width == 8 || reg->number >= 8 ||
	    (reg->width == 1 && reg->number >= 4))
		return refuse(lex, "i386 has no register %%%s", reg->name);
	return true;
}

/* x32 may use all of an address register, so the class does not decide. */
static bool address_take(struct lex *lex, struct usdt_reg *reg)
{
	lex_blanks(lex);
	if (!lex_take(lex, '%'))
		return true;
	if (!reg_take(lex, reg))
		return false;
	if (is_long_mode(lex) && reg->width == 8 &&
	    reg->class != USDT_REG_VECTOR)
		return true;
	return lex_address_reg(lex, reg);
}

static bool scale_take(struct lex *lex)
{
	struct expr scale;

	lex_blanks(lex);
	if (!expr_parse(lex, &scale))
		return false;
	if (scale.symbol.length || scale.too_large ||
	    (scale.value != 1 && scale.value != 2 && scale.value != 4 &&
	     scale.value != 8))
		return refuse(lex, "a scale that is not 1, 2, 4 or 8");
	lex->arg->scale = (uint8_t)scale.value;
	return true;
}

static bool check_address(struct lex *lex)
{
	struct usdt_reg *base = &lex->arg->base, *index = &lex->arg->index;

	if (index->class == USDT_REG_STACK || index->class == USDT_REG_IP)
		return refuse(lex, "%%%s cannot be an index", index->name);
	if (base->class == USDT_REG_ZERO)
		return refuse(lex, "%%%s cannot be a base", base->name);
	if (base->class == USDT_REG_IP && index->class)
		return refuse(lex, "%%%s takes no index", base->name);
	if (base->class && index->class && base->width != index->width)
		return refuse(lex, "%%%s and %%%s differ in width", base->name,
			      index->name);
	settle_index(lex->arg);
	return true;
}

/* "(base,index,scale)", each of which may be missing. */
static bool parentheses(struct lex *lex)
{
	lex->at++;
	if (!address_take(lex, &lex->arg->base))
		return false;
	lex_blanks(lex);
	if (lex_take(lex, ',')) {
		if (!address_take(lex, &lex->arg->index))
			return false;
		lex_blanks(lex);
		if (lex_take(lex, ',') && !scale_take(lex))
			return false;
		lex_blanks(lex);
	}
	return lex_expect(lex, ')') && check_address(lex);
}

/* "(" begins an address when a register, a comma or nothing is inside. */
static bool at_address(const struct lex *lex)
{
	struct lex ahead = *lex;

	if (!lex_take(&ahead, '('))
		return false;
	lex_blanks(&ahead);
	return *ahead.at == '%' || *ahead.at == ',' || *ahead.at == ')';
}

/*
 * Intel syntax is another language in which the same words mean other things:
 * a note in it is told, not guessed at.  Where a register with '%' goes with
 * the word, it is a symbol: "offset(%rip)".
 */
static bool is_intel(const struct usdt_span *symbol)
{
	static const char *const words[] = {
		"byte",	 "word",    "dword",   "qword",	  "tbyte",
		"oword", "xmmword", "ymmword", "zmmword", "offset",
	};
	struct lex lex = { .at = symbol->at, .word = 8 };
	struct usdt_reg reg;
	size_t i;

	for (i = 0; i < COUNT(words); i++)
		if (strlen(words[i]) == symbol->length &&
		    !strncasecmp(symbol->at, words[i], symbol->length))
			return true;
	return lex_reg(&lex, registers, &reg) &&
	       lex.at >= symbol->at + symbol->length;
}

static bool memory(struct lex *lex)
{
	struct usdt_arg *arg = lex->arg;
	struct expr expr = { 0 };

	if (!at_address(lex) && !expr_parse(lex, &expr))
		return false;
	lex_gap(lex);
	if (expr.symbol.length && !expr.quoted && !at_address(lex) &&
	    !arg->segment.class && is_intel(&expr.symbol))
		return refuse(lex, "'%.*s' is Intel syntax",
			      (int)expr.symbol.length, expr.symbol.at);
	if (!expr_displacement(lex, &expr))
		return false;
	if (at_address(lex) && !parentheses(lex))
		return false;
	if (!arg->symbol.length && !arg->base.class && !arg->index.class &&
	    !arg->segment.class)
		return refuse(lex, "a bare number is an address in AT&T syntax "
				   "and a constant in Intel's");
	return true;
}

static bool percent(struct lex *lex)
{
	struct usdt_reg reg;

	lex->at++;
	if (!reg_take(lex, &reg))
		return false;
	if (reg.class != USDT_REG_SEGMENT || !lex_take(lex, ':'))
		return operand_reg(lex, &reg);
	lex->arg->segment = reg;
	return memory(lex);
}

bool operand_x86(struct lex *lex)
{
	if (lex_is(lex, '%'))
		return percent(lex);
	if (lex_is(lex, '['))
		return refuse(lex, "'[' is Intel syntax");
	if (!lex_take(lex, '$'))
		return memory(lex);
	lex_blanks(lex);
	return take_const(lex);
}
