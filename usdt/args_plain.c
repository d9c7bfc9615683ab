// SPDX-License-Identifier: BSD-2-Clause
/*
 * args_plain.c - operands of riscv, s390, ppc, mips and loongarch.
 *
 * These have constants, registers and "displacement(register)"; what differs is
 * how a register is marked and what a bare number is.
 */
#include "usdt/args_lex.h"
#include "usdt/elf/native.h"

/* clang-format off */
/* All of them are a word wide. */
static const struct reg_row riscv[] = {
	REG("zero", USDT_REG_ZERO, 0, 0),
	REGS("x", "", 0, 0, USDT_REG_ZERO, 0, 0),
	REGS("x", "", 1, 31, USDT_REG_GENERAL, 1, 0),
	REG("ra", USDT_REG_GENERAL, 1, 0),
	REG("sp", USDT_REG_GENERAL, 2, 0),
	REG("gp", USDT_REG_GENERAL, 3, 0),
	REG("tp", USDT_REG_GENERAL, 4, 0),
	REGS("t", "", 0, 2, USDT_REG_GENERAL, 5, 0),
	REG("fp", USDT_REG_GENERAL, 8, 0),
	REGS("s", "", 0, 1, USDT_REG_GENERAL, 8, 0),
	REGS("a", "", 0, 7, USDT_REG_GENERAL, 10, 0),
	REGS("s", "", 2, 11, USDT_REG_GENERAL, 18, 0),
	REGS("t", "", 3, 6, USDT_REG_GENERAL, 28, 0),
	REGS("fa", "", 0, 7, USDT_REG_VECTOR, 0, 0),
	REGS("fs", "", 0, 11, USDT_REG_VECTOR, 0, 0),
	REGS("ft", "", 0, 11, USDT_REG_VECTOR, 0, 0),
	REGS("f", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	REGS("v", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	{ .name = NULL },
};

static const struct reg_row s390[] = {
	REGS("r", "", 0, 15, USDT_REG_GENERAL, 0, 0),
	REGS("f", "", 0, 15, USDT_REG_VECTOR, 0, 0),
	REGS("v", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	{ .name = NULL },
};

static const struct reg_row ppc[] = {
	REGS("", "", 0, 31, USDT_REG_GENERAL, 0, 0),
	REGS("r", "", 0, 31, USDT_REG_GENERAL, 0, 0),
	REGS("f", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	REGS("v", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	REGS("vs", "", 0, 63, USDT_REG_VECTOR, 0, 0),
	{ .name = NULL },
};

static const struct reg_row mips[] = {
	REGS("", "", 0, 0, USDT_REG_ZERO, 0, 0),
	REGS("", "", 1, 31, USDT_REG_GENERAL, 1, 0),
	REG("zero", USDT_REG_ZERO, 0, 0),
	REG("at", USDT_REG_GENERAL, 1, 0),
	REGS("v", "", 0, 1, USDT_REG_GENERAL, 2, 0),
	REGS("a", "", 0, 7, USDT_REG_GENERAL, 4, 0),
	REGS("s", "", 0, 7, USDT_REG_GENERAL, 16, 0),
	REGS("t", "", 8, 9, USDT_REG_GENERAL, 24, 0),
	REG("gp", USDT_REG_GENERAL, 28, 0),
	REG("sp", USDT_REG_GENERAL, 29, 0),
	REG("fp", USDT_REG_GENERAL, 30, 0),
	REG("s8", USDT_REG_GENERAL, 30, 0),
	REG("ra", USDT_REG_GENERAL, 31, 0),
	REGS("f", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	REGS("w", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	{ .name = NULL },
};

static const struct reg_row loongarch[] = {
	REGS("r", "", 0, 0, USDT_REG_ZERO, 0, 0),
	REGS("r", "", 1, 31, USDT_REG_GENERAL, 1, 0),
	REG("zero", USDT_REG_ZERO, 0, 0),
	REG("ra", USDT_REG_GENERAL, 1, 0),
	REG("tp", USDT_REG_GENERAL, 2, 0),
	REG("sp", USDT_REG_GENERAL, 3, 0),
	REGS("a", "", 0, 7, USDT_REG_GENERAL, 4, 0),
	REGS("t", "", 0, 8, USDT_REG_GENERAL, 12, 0),
	REG("fp", USDT_REG_GENERAL, 22, 0),
	REGS("s", "", 0, 8, USDT_REG_GENERAL, 23, 0),
	REGS("f", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	REGS("fa", "", 0, 7, USDT_REG_VECTOR, 0, 0),
	REGS("ft", "", 0, 15, USDT_REG_VECTOR, 0, 0),
	REGS("vr", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	REGS("xr", "", 0, 31, USDT_REG_VECTOR, 0, 0),
	{ .name = NULL },
};

static const struct dialect {
	uint16_t machine;
	const struct reg_row *registers;
	char mark;       /* before a register; '\0' is none */
	bool mark_needed;
	bool comma;      /* "R,R" is memory, and "R,N" */
	bool index_first; /* N(index,base) */
	char constant;   /* before a constant; '\0' is none */
} dialects[] = {
	{ EM_RISCV, riscv, .mark = '\0' },
	{ EM_S390, s390, .mark = '%', .mark_needed = true,
	  .index_first = true },
	{ EM_PPC64, ppc, .mark = '%', .comma = true, .constant = 'i' },
	{ EM_PPC, ppc, .mark = '%', .comma = true, .constant = 'i' },
	{ EM_MIPS, mips, .mark = '$', .mark_needed = true },
	{ EM_LOONGARCH, loongarch, .mark = '$', .mark_needed = true,
	  .comma = true },
};
/* clang-format on */

static const struct dialect *dialect_find(uint16_t machine)
{
	const struct dialect *dialect = dialects;

	while (dialect->machine != machine)
		dialect++;
	return dialect;
}

/* True when a register was taken; nothing is taken otherwise. */
static bool reg_take(struct lex *lex, const struct dialect *dialect,
		     struct usdt_reg *reg)
{
	const char *start = lex->at;
	bool marked = dialect->mark && lex_take(lex, dialect->mark);

	if ((marked || !dialect->mark_needed) &&
	    lex_reg(lex, dialect->registers, reg))
		return true;
	lex->at = start;
	return false;
}

static bool address_take(struct lex *lex, const struct dialect *dialect,
			 struct usdt_reg *reg)
{
	lex_blanks(lex);
	if (!reg_take(lex, dialect, reg))
		return lex_confused(lex);
	return lex_address_reg(lex, reg);
}

/* r0 as an address is no register but the number 0: s390, and ppc's base. */
static void zero_base(struct lex *lex, struct usdt_reg *reg)
{
	if (reg->number == 0 &&
	    (lex->machine == EM_S390 || lex->machine == EM_PPC ||
	     lex->machine == EM_PPC64))
		reg->class = USDT_REG_ZERO;
}

/* Of base and index those that are added; either may be 0. */
static void settle_base(struct usdt_arg *arg)
{
	settle_index(arg);
	if (arg->base.class != USDT_REG_ZERO)
		return;
	arg->base = arg->index;
	arg->index = (struct usdt_reg){ 0 };
}

/* "(base)" or, on s390, "(index,base)". */
static bool parentheses(struct lex *lex, const struct dialect *dialect)
{
	struct usdt_arg *arg = lex->arg;

	if (!address_take(lex, dialect, &arg->base))
		return false;
	zero_base(lex, &arg->base);
	lex_blanks(lex);
	if (dialect->index_first && lex_take(lex, ',')) {
		arg->index = arg->base;
		if (!address_take(lex, dialect, &arg->base))
			return false;
		zero_base(lex, &arg->base);
		lex_blanks(lex);
	}
	settle_base(arg);
	arg->kind = USDT_MEMORY;
	return lex_expect(lex, ')');
}

/* "%tprel_lo(symbol)": after the '%'. */
static bool function(struct lex *lex, struct expr *expr)
{
	struct usdt_span reloc;

	if (!lex_reloc(lex, &reloc) || !lex_expect(lex, '(') ||
	    !expr_parse(lex, expr) || !lex_expect(lex, ')'))
		return false;
	expr->reloc = reloc;
	return true;
}

/* A sum, or a function of one where '%' is no mark of registers. */
static bool value(struct lex *lex, const struct dialect *dialect,
		  struct expr *expr)
{
	if (dialect->mark != '%' && lex_take(lex, '%'))
		return function(lex, expr);
	return expr_parse(lex, expr);
}

/* "9,4" of ppc and "$r12,8" of loongarch: memory at the sum. */
static bool comma(struct lex *lex, const struct dialect *dialect,
		  const struct usdt_reg *base)
{
	struct usdt_arg *arg = lex->arg;
	struct expr expr = { 0 };

	if (!lex_address_reg(lex, base))
		return false;
	arg->base = *base;
	zero_base(lex, &arg->base);
	if (reg_take(lex, dialect, &arg->index)
		    ? !lex_address_reg(lex, &arg->index)
		    : !value(lex, dialect, &expr))
		return false;
	settle_base(arg);
	return expr_displacement(lex, &expr);
}

static bool sum_or_memory(struct lex *lex, const struct dialect *dialect)
{
	struct expr expr = { 0 };
	bool computed = lex_is(lex, '%');

	/* "(a0)" needs no number before it. */
	if (!lex_is(lex, '(') && !value(lex, dialect, &expr))
		return false;
	lex_gap(lex);
	if (lex_take(lex, '('))
		return expr_displacement(lex, &expr) &&
		       parentheses(lex, dialect);
	if (expr.symbol.length && !computed)
		return expr_displacement(lex, &expr);
	if (dialect->constant)
		return refuse(lex, "neither a register nor a constant");
	return expr_const(lex, &expr);
}

bool operand_plain(struct lex *lex)
{
	const struct dialect *dialect = dialect_find(lex->machine);
	const char *start = lex->at;
	struct usdt_reg reg;

	if (dialect->constant && lex_is(lex, dialect->constant) &&
	    (lex_digit(lex->at[1]) || lex->at[1] == '-')) {
		lex->at++;
		return take_const(lex);
	}
	if (!reg_take(lex, dialect, &reg))
		return sum_or_memory(lex, dialect);
	if (dialect->comma && lex_take(lex, ','))
		return comma(lex, dialect, &reg);
	if (!*lex->at || lex_blank(*lex->at))
		return operand_reg(lex, &reg);
	/* "8(9)" of ppc: the number was no register but a displacement. */
	lex->at = start;
	return sum_or_memory(lex, dialect);
}
