// SPDX-License-Identifier: BSD-2-Clause
/* args_lex.c - characters, registers and complaints of operands. */
#include <elf.h>
#include <stdarg.h>
#include <string.h>

#include "usdt/args_lex.h"

enum {
	SHOWN = 40 /* bytes of the user's text in a reason */
};

static void vrefuse(struct usdt_arg *arg, const char *format, va_list list)
	__attribute__((format(printf, 2, 0)));

static void vrefuse(struct usdt_arg *arg, const char *format, va_list list)
{
	char *c;

	arg->kind = USDT_UNAVAILABLE;
	if (arg->why[0])
		return;
	vsnprintf(arg->why, sizeof(arg->why), format, list);
	for (c = arg->why; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\177')
			*c = '?';
}

void usdt_arg_refuse(struct usdt_arg *arg, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vrefuse(arg, format, list);
	va_end(list);
}

bool refuse(struct lex *lex, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vrefuse(lex->arg, format, list);
	va_end(list);
	return false;
}

bool lex_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool lex_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool lex_letter(char c)
{
	/* GAS lets every byte of a multibyte character through. */
	return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '.' ||
	       (unsigned char)c >= 0x80;
}

bool lex_take(struct lex *lex, char c)
{
	if (!lex_is(lex, c))
		return false;
	lex->at++;
	return true;
}

void lex_blanks(struct lex *lex)
{
	while (lex_blank(*lex->at))
		lex->at++;
}

void lex_gap(struct lex *lex)
{
	struct lex ahead = *lex;

	lex_blanks(&ahead);
	if (lex->sized && lex_is(&ahead, '('))
		lex->at = ahead.at;
}

static size_t word_length(const char *at)
{
	size_t length = 0;

	while (at[length] && !lex_blank(at[length]) && length < SHOWN)
		length++;
	return length;
}

bool lex_confused(struct lex *lex)
{
	if (!*lex->at || lex_blank(*lex->at))
		return refuse(lex, "the operand ends too early");
	return refuse(lex, "not understood from '%.*s' on",
		      (int)word_length(lex->at), lex->at);
}

bool lex_expect(struct lex *lex, char c)
{
	if (lex_take(lex, c))
		return true;
	if (!*lex->at || lex_blank(*lex->at))
		return refuse(lex, "a '%c' is missing at the end", c);
	return refuse(lex, "a '%c' is missing before '%.*s'", c,
		      (int)word_length(lex->at), lex->at);
}

/* The number after a row's name, without leading zeros; false when none. */
static bool row_number(const struct reg_row *row, const char **at,
		       unsigned int *number)
{
	const char *c = *at;

	if (!lex_digit(*c) || (c[0] == '0' && lex_digit(c[1])))
		return false;
	for (*number = 0; lex_digit(*c) && *number < 1000; c++)
		*number = *number * 10 + (unsigned int)(*c - '0');
	*at = c;
	return *number >= row->first && *number <= row->last;
}

static bool prefix(const char **at, const char *name)
{
	const char *c = *at;

	for (; *name; name++, c++)
		if (lower(*c) != *name)
			return false;
	*at = c;
	return true;
}

/* The end of the register's name, or NULL when the row is another's. */
static const char *row_match(const struct reg_row *row, const char *at,
			     unsigned int *number)
{
	*number = row->first;
	if (!prefix(&at, row->name))
		return NULL;
	if (row->suffix &&
	    (!row_number(row, &at, number) || !prefix(&at, row->suffix)))
		return NULL;
	return lex_letter(*at) || lex_digit(*at) ? NULL : at;
}

bool lex_reg(struct lex *lex, const struct reg_row *table, struct usdt_reg *reg)
{
	const struct reg_row *row;
	const char *end = NULL, *at;
	unsigned int number, i = 0;

	for (row = table; row->name; row++) {
		end = row_match(row, lex->at, &number);
		if (end)
			break;
	}
	if (!end)
		return false;
	*reg = (struct usdt_reg){
		.class = row->class,
		.number = (uint8_t)(row->number + number - row->first),
		.width = row->width ? row->width : lex->word,
	};
	/* ppc and mips call theirs by the number alone. */
	if (lex_digit(*lex->at))
		reg->name[i++] = 'r';
	for (at = lex->at; i < USDT_REG_NAME - 1 && at < end; i++)
		reg->name[i] = lower(*at++);
	lex->at = end;
	return true;
}

bool lex_reloc(struct lex *lex, struct usdt_span *reloc)
{
	reloc->at = lex->at;
	while (lex_letter(*lex->at) || lex_digit(*lex->at))
		lex->at++;
	reloc->length = (size_t)(lex->at - reloc->at);
	return reloc->length || lex_confused(lex);
}

bool lex_address_reg(struct lex *lex, const struct usdt_reg *reg)
{
	if (reg->class == USDT_REG_VECTOR)
		return refuse(lex, "%s is a vector register, not an address",
			      reg->name);
	if (reg->class == USDT_REG_SEGMENT || reg->class == USDT_REG_HIGH ||
	    reg->width < 4 || reg->width > lex->word)
		return refuse(lex, "%s cannot hold an address", reg->name);
	return true;
}

void settle_index(struct usdt_arg *arg)
{
	if (arg->index.class && arg->index.class != USDT_REG_ZERO)
		return;
	arg->index = (struct usdt_reg){ 0 };
	arg->extend = USDT_EXTEND_NONE;
	arg->scale = 1;
}

bool operand_reg(struct lex *lex, const struct usdt_reg *reg)
{
	bool att = lex->machine == EM_X86_64 || lex->machine == EM_386;

	lex->arg->base = *reg;
	lex->arg->kind = reg->class == USDT_REG_ZERO ? USDT_CONST : USDT_REG;
	/* The text was understood: the next argument is behind it. */
	if (reg->class == USDT_REG_VECTOR)
		refuse(lex, "%s%s is a vector register", att ? "%" : "",
		       reg->name);
	if (reg->class == USDT_REG_SEGMENT)
		refuse(lex, "%s%s is a segment register", att ? "%" : "",
		       reg->name);
	return true;
}
