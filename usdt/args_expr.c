// SPDX-License-Identifier: BSD-2-Clause
/* args_expr.c - numbers, and sums with a symbol, as GAS writes them. */
#include <string.h>

#include "usdt/args_lex.h"

enum {
	DEPTH = 16 /* of parentheses; compilers print none or one */
};

static const __int128 value_max = (__int128)UINT64_MAX;

static bool sum(struct lex *lex, struct expr *expr);

static int digit_of(char c)
{
	if (lex_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static int base_take(struct lex *lex)
{
	char next = lex->at[0] == '0' ? lex->at[1] : '1';

	if (next == 'x' || next == 'X') {
		lex->at += 2;
		return 16;
	}
	if ((next == 'b' || next == 'B') && digit_of(lex->at[2]) < 2) {
		lex->at += 2;
		return 2;
	}
	return lex_digit(next) && lex->at[0] == '0' ? 8 : 10;
}

static bool number(struct lex *lex, struct expr *expr)
{
	const char *start = lex->at, *digits;
	int base = base_take(lex);
	__int128 value = 0;

	digits = lex->at;
	for (; digit_of(*lex->at) < base; lex->at++) {
		if (value <= value_max)
			value = value * base + digit_of(*lex->at);
	}
	if (digits == lex->at || lex_letter(*lex->at) || lex_digit(*lex->at)) {
		lex->at = start;
		return refuse(lex, "not a number: '%.20s'", start);
	}
	expr->value = value;
	expr->too_large = value > value_max;
	return true;
}

static bool symbol_char(char c)
{
	return lex_letter(c) || lex_digit(c) || c == '$';
}

static bool quoted(struct lex *lex, struct usdt_span *symbol)
{
	const char *end = strchr(lex->at + 1, '"');

	if (!end || end == lex->at + 1)
		return refuse(lex, "a quoted symbol without name or end");
	symbol->at = lex->at + 1;
	symbol->length = (size_t)(end - symbol->at);
	lex->at = end + 1;
	return true;
}

/* symbol[@reloc...]: ppc64 has two, "x@toc@l". */
static bool symbol(struct lex *lex, struct expr *expr)
{
	if (lex_is(lex, '"')) {
		if (!quoted(lex, &expr->symbol))
			return false;
		expr->quoted = true;
	} else {
		expr->symbol.at = lex->at;
		while (symbol_char(*lex->at))
			lex->at++;
		expr->symbol.length = (size_t)(lex->at - expr->symbol.at);
	}
	if (!lex_take(lex, '@'))
		return true;
	expr->reloc.at = lex->at;
	while (symbol_char(*lex->at) || lex_is(lex, '@'))
		lex->at++;
	expr->reloc.length = (size_t)(lex->at - expr->reloc.at);
	return expr->reloc.length || lex_confused(lex);
}

static bool parentheses(struct lex *lex, struct expr *expr)
{
	if (lex->depth >= DEPTH)
		return refuse(lex, "more than %d parentheses", DEPTH);
	lex->at++;
	lex->depth++;
	lex_blanks(lex);
	if (!sum(lex, expr))
		return false;
	lex_blanks(lex);
	lex->depth--;
	return lex_expect(lex, ')');
}

static bool primary(struct lex *lex, struct expr *expr)
{
	if (lex_take(lex, '~')) {
		if (!number(lex, expr))
			return false;
		expr->value = ~expr->value;
		return true;
	}
	if (lex_digit(*lex->at))
		return number(lex, expr);
	if (lex_is(lex, '('))
		return parentheses(lex, expr);
	if (lex_letter(*lex->at) || lex_is(lex, '"'))
		return symbol(lex, expr);
	return lex_confused(lex);
}

/* White space ends an operand, but for the inside of parentheses. */
static void gap(struct lex *lex)
{
	if (lex->depth)
		lex_blanks(lex);
}

static bool term(struct lex *lex, struct expr *expr)
{
	bool negative = false;

	*expr = (struct expr){ 0 };
	for (; lex_is(lex, '-') || lex_is(lex, '+'); gap(lex))
		negative ^= *lex->at++ == '-';
	if (!primary(lex, expr))
		return false;
	if (!negative)
		return true;
	if (expr->symbol.length)
		return refuse(lex, "a symbol is subtracted");
	expr->value = -expr->value;
	return true;
}

static bool product(struct lex *lex, struct expr *expr)
{
	struct expr factor;

	if (!term(lex, expr))
		return false;
	for (gap(lex); lex_take(lex, '*'); gap(lex)) {
		gap(lex);
		if (!term(lex, &factor))
			return false;
		if (expr->symbol.length || factor.symbol.length)
			return refuse(lex, "a symbol is multiplied");
		expr->too_large |=
			factor.too_large ||
			__builtin_mul_overflow(expr->value, factor.value,
					       &expr->value);
	}
	return true;
}

static bool sum(struct lex *lex, struct expr *expr)
{
	struct expr more;

	if (!product(lex, expr))
		return false;
	while (lex_is(lex, '+') || lex_is(lex, '-')) {
		/* The sign is a term's own: "-8" as "+ -8". */
		if (!product(lex, &more))
			return false;
		if (expr->symbol.length && more.symbol.length)
			return refuse(lex, "two symbols in one sum");
		if (more.symbol.length) {
			expr->symbol = more.symbol;
			expr->reloc = more.reloc;
			expr->quoted = more.quoted;
		}
		expr->too_large |=
			more.too_large ||
			__builtin_add_overflow(expr->value, more.value,
					       &expr->value);
	}
	return true;
}

bool expr_parse(struct lex *lex, struct expr *expr)
{
	return sum(lex, expr);
}

static bool store(struct lex *lex, const struct expr *expr, __int128 max)
{
	if (expr->too_large || expr->value > max || expr->value < INT64_MIN)
		return refuse(lex, "a number out of range");
	lex->arg->value = (uint64_t)expr->value;
	lex->arg->symbol = expr->symbol;
	lex->arg->reloc = expr->reloc;
	return true;
}

bool expr_const(struct lex *lex, const struct expr *expr)
{
	lex->arg->kind = USDT_CONST;
	return store(lex, expr, value_max);
}

bool expr_displacement(struct lex *lex, const struct expr *expr)
{
	lex->arg->kind = USDT_MEMORY;
	return store(lex, expr, INT64_MAX);
}

bool take_const(struct lex *lex)
{
	struct expr expr;

	return expr_parse(lex, &expr) && expr_const(lex, &expr);
}

bool take_displacement(struct lex *lex)
{
	struct expr expr;

	return expr_parse(lex, &expr) && expr_displacement(lex, &expr);
}
