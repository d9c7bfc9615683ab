// SPDX-License-Identifier: BSD-2-Clause
/* args_arm.c - operands of aarch64 and arm. */
#include <elf.h>
#include <string.h>
#include <strings.h>

#include "usdt/args_lex.h"

/* clang-format off */
/* 31 is sp: the order of struct user_pt_regs. */
static const struct reg_row registers64[] = {
	REGS("x", "", 0, 30, USDT_REG_GENERAL, 0, 8),
	REGS("w", "", 0, 30, USDT_REG_GENERAL, 0, 4),
	REG("sp", USDT_REG_STACK, 31, 8),
	REG("wsp", USDT_REG_STACK, 31, 4),
	REG("xzr", USDT_REG_ZERO, 0, 8),
	REG("wzr", USDT_REG_ZERO, 0, 4),
	REG("fp", USDT_REG_GENERAL, 29, 8),
	REG("lr", USDT_REG_GENERAL, 30, 8),
	REG("ip0", USDT_REG_GENERAL, 16, 8),
	REG("ip1", USDT_REG_GENERAL, 17, 8),
	REGS("v", "", 0, 31, USDT_REG_VECTOR, 0, 16),
	REGS("q", "", 0, 31, USDT_REG_VECTOR, 0, 16),
	REGS("d", "", 0, 31, USDT_REG_VECTOR, 0, 8),
	REGS("s", "", 0, 31, USDT_REG_VECTOR, 0, 4),
	REGS("h", "", 0, 31, USDT_REG_VECTOR, 0, 2),
	REGS("b", "", 0, 31, USDT_REG_VECTOR, 0, 1),
	REGS("z", "", 0, 31, USDT_REG_VECTOR, 0, 16),
	{ .name = NULL },
};

static const struct reg_row registers32[] = {
	REGS("r", "", 0, 12, USDT_REG_GENERAL, 0, 4),
	REGS("r", "", 13, 13, USDT_REG_STACK, 13, 4),
	REGS("r", "", 14, 14, USDT_REG_GENERAL, 14, 4),
	REGS("r", "", 15, 15, USDT_REG_IP, 15, 4),
	REG("sb", USDT_REG_GENERAL, 9, 4),
	REG("sl", USDT_REG_GENERAL, 10, 4),
	REG("fp", USDT_REG_GENERAL, 11, 4),
	REG("ip", USDT_REG_GENERAL, 12, 4),
	REG("sp", USDT_REG_STACK, 13, 4),
	REG("lr", USDT_REG_GENERAL, 14, 4),
	REG("pc", USDT_REG_IP, 15, 4),
	REGS("s", "", 0, 31, USDT_REG_VECTOR, 0, 4),
	REGS("d", "", 0, 31, USDT_REG_VECTOR, 0, 8),
	REGS("q", "", 0, 15, USDT_REG_VECTOR, 0, 16),
	{ .name = NULL },
};
/* clang-format on */

/* What becomes of an index register; arm has but the first. */
static const struct extend {
	const char *name;
	uint8_t width; /* of the register it goes with */
	uint8_t extend;
} extends[] = {
	{ "lsl", 8, USDT_EXTEND_NONE },	 { "uxtx", 8, USDT_EXTEND_NONE },
	{ "sxtx", 8, USDT_EXTEND_NONE }, { "uxtw", 4, USDT_EXTEND_ZERO },
	{ "sxtw", 4, USDT_EXTEND_SIGN }, { NULL, 0, 0 },
};

static const struct reg_row *registers(const struct lex *lex)
{
	return lex->machine == EM_AARCH64 ? registers64 : registers32;
}

static const struct extend *extend_take(struct lex *lex)
{
	const struct extend *row;
	size_t length = 0;

	while (lex_letter(lex->at[length]))
		length++;
	for (row = extends; row->name; row++)
		if (length == strlen(row->name) &&
		    !strncasecmp(lex->at, row->name, length))
			break;
	if (!row->name)
		return NULL;
	lex->at += length;
	return row;
}

/* "lsl 3" and the like, after the comma; the amount may be missing. */
static bool shift(struct lex *lex)
{
	const struct extend *extend = extend_take(lex);
	struct usdt_arg *arg = lex->arg;
	struct expr amount = { 0 };
	bool is_arm = lex->machine == EM_ARM;

	if (!extend)
		return lex_confused(lex);
	if (is_arm ? extend != extends : extend->width != arg->index.width)
		return refuse(lex, "%s does not go with %s", extend->name,
			      arg->index.name);
	arg->extend = extend->extend;
	lex_blanks(lex);
	lex_take(lex, '#');
	if (!lex_is(lex, ']') && !expr_parse(lex, &amount))
		return false;
	if (amount.symbol.length || amount.too_large || amount.value < 0 ||
	    amount.value > (is_arm ? 31 : 4))
		return refuse(lex, "a shift that is too large");
	arg->scale = 1U << (unsigned int)amount.value;
	return true;
}

/* ":lo12:symbol+8": the part of an address that an instruction holds. */
static bool relocated(struct lex *lex)
{
	struct usdt_span reloc;

	if (!lex_reloc(lex, &reloc) || !lex_expect(lex, ':') ||
	    !take_displacement(lex))
		return false;
	lex->arg->reloc = reloc;
	return true;
}

static bool index_reg(struct lex *lex)
{
	struct usdt_arg *arg = lex->arg;

	if (!lex_address_reg(lex, &arg->index))
		return false;
	if (arg->index.class == USDT_REG_STACK && lex->machine == EM_AARCH64)
		return refuse(lex, "%s cannot be an index", arg->index.name);
	if (arg->index.width == 4 && lex->machine == EM_AARCH64)
		arg->extend = USDT_EXTEND_ZERO;
	lex_blanks(lex);
	if (lex_take(lex, ',')) {
		lex_blanks(lex);
		if (!shift(lex))
			return false;
	}
	settle_index(arg);
	return true;
}

static bool offset(struct lex *lex)
{
	lex_blanks(lex);
	if (lex_reg(lex, registers(lex), &lex->arg->index))
		return index_reg(lex);
	if (lex_take(lex, '#'))
		lex_blanks(lex);
	if (lex_take(lex, ':'))
		return relocated(lex);
	return take_displacement(lex);
}

static bool memory(struct lex *lex)
{
	struct usdt_arg *arg = lex->arg;

	lex->at++;
	lex_blanks(lex);
	if (!lex_reg(lex, registers(lex), &arg->base))
		return lex_confused(lex);
	if (!lex_address_reg(lex, &arg->base))
		return false;
	if (arg->base.class == USDT_REG_ZERO || arg->base.width != lex->word)
		return refuse(lex, "%s cannot be a base", arg->base.name);
	lex_blanks(lex);
	if (lex_take(lex, ',') && !offset(lex))
		return false;
	lex_blanks(lex);
	if (!lex_expect(lex, ']'))
		return false;
	if (lex_is(lex, '!') || lex_is(lex, ','))
		return refuse(lex, "an address that changes its register");
	arg->kind = USDT_MEMORY;
	return true;
}

/* A label is a place in the literal pool: what is there is the argument. */
static bool label_or_number(struct lex *lex, bool bare_is_const)
{
	struct expr expr;

	if (!expr_parse(lex, &expr))
		return false;
	if (expr.symbol.length)
		return expr_displacement(lex, &expr);
	if (!bare_is_const)
		return refuse(lex, "a number without '#'");
	return expr_const(lex, &expr);
}

static bool operand(struct lex *lex, bool bare_is_const)
{
	struct usdt_reg reg;

	if (lex_is(lex, '['))
		return memory(lex);
	if (lex_take(lex, '#')) {
		lex_blanks(lex);
		if (strspn(lex->at, "+-0123456789") &&
		    lex->at[strspn(lex->at, "+-0123456789")] == '.')
			return refuse(lex, "a floating point constant");
		return take_const(lex);
	}
	if (lex_reg(lex, registers(lex), &reg))
		return operand_reg(lex, &reg);
	return label_or_number(lex, bare_is_const);
}

bool operand_aarch64(struct lex *lex)
{
	return operand(lex, true);
}

bool operand_arm(struct lex *lex)
{
	return operand(lex, false);
}
