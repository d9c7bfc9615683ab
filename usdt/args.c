// SPDX-License-Identifier: BSD-2-Clause
/* args.c - the list of a note's arguments: sizes, and parsers by machine. */
#include <string.h>

#include "usdt/args_lex.h"
#include "usdt/elf/native.h"

static bool (*const operands[])(struct lex *lex) = {
	[SYNTAX_PLAIN] = operand_plain,
	[SYNTAX_X86] = operand_x86,
	[SYNTAX_AARCH64] = operand_aarch64,
	[SYNTAX_ARM] = operand_arm,
};

bool usdt_args_known(uint16_t machine)
{
	return machine_find(machine) != NULL;
}

void usdt_args_begin(struct usdt_args *args, uint16_t machine, int class,
		     const char *text)
{
	*args = (struct usdt_args){ .text = text,
				    .machine = machine,
				    .class = class };
	/* dtrace(1) marks a probe without arguments so. */
	if (text[0] == ':')
		args->at = strlen(text);
}

static const char *blanks_end(const char *at)
{
	while (lex_blank(*at))
		at++;
	return at;
}

/*
 * [-+]digits[f]@ in front of an operand, with blanks around the @ as libbpf
 * takes them: where it ends, or NULL.  A number that is too large stays large:
 * no size of 2^32 is of use to anybody.
 */
static const char *size_end(const char *text, struct usdt_arg *arg)
{
	const char *at = text;

	arg->is_signed = *at == '-';
	arg->size = 0;
	at += *at == '-' || *at == '+';
	if (!lex_digit(*at))
		return NULL;
	for (; lex_digit(*at); at++)
		if (arg->size <= UINT32_MAX)
			arg->size = arg->size * 10 + (uint64_t)(*at - '0');
	arg->is_float = *at == 'f';
	at = blanks_end(at + arg->is_float);
	return *at == '@' ? at + 1 : NULL;
}

/* The length of a size, or 0; blanks behind it, unless nothing follows them. */
static size_t size_parse(const char *text, struct usdt_arg *arg)
{
	struct usdt_arg found = { 0 }, next;
	const char *end = size_end(text, &found), *operand;

	if (!end)
		return 0;
	arg->size = found.size;
	arg->is_signed = found.is_signed;
	arg->is_float = found.is_float;
	operand = blanks_end(end);
	if (*operand && !size_end(operand, &next))
		end = operand;
	return (size_t)(end - text);
}

/* Where the next argument can begin, after one that was not understood. */
static const char *resume(const char *at)
{
	struct usdt_arg ignored;

	for (; *at; at++)
		if (lex_blank(*at) && size_end(at + 1, &ignored))
			break;
	return at;
}

/* What a BPF program can fetch of an operand that was understood. */
static bool check_size(struct lex *lex, int class)
{
	struct usdt_arg *arg = lex->arg;
	uint64_t size = arg->size;

	if (size != 1 && size != 2 && size != 4 && size != 8)
		return refuse(lex, "its size is %llu bytes, not 1, 2, 4 or 8",
			      (unsigned long long)size);
	if (arg->kind != USDT_REG)
		return true;
	if (class == ELFCLASS32 && size == 8 && arg->base.width == 4 &&
	    lex->machine != EM_X86_64)
		return refuse(lex, "%s is half of a register pair",
			      arg->base.name);
	if (arg->base.class == USDT_REG_HIGH && size != 1)
		return refuse(lex, "%s has one byte, not %llu", arg->base.name,
			      (unsigned long long)size);
	return true;
}

/* Of an operand without a size: those of dtrace's assembler probes. */
static uint64_t natural_size(const struct lex *lex)
{
	const struct usdt_arg *arg = lex->arg;

	if (arg->base.class && arg->kind != USDT_MEMORY)
		return arg->base.width;
	return lex->word;
}

static bool operand(struct lex *lex)
{
	const struct machine *machine = machine_find(lex->machine);

	if (!machine)
		return refuse(lex, "the syntax of machine %u is not known",
			      lex->machine);
	if (!*lex->at || lex_blank(*lex->at))
		return refuse(lex, "nothing after the size");
	if (!operands[machine->syntax](lex))
		return false;
	return !*lex->at || lex_blank(*lex->at) || lex_confused(lex);
}

bool usdt_args_next(struct usdt_args *args, struct usdt_arg *arg)
{
	const char *start = args->text + args->at, *end;
	struct lex lex = { .machine = args->machine, .arg = arg };
	size_t sized;

	while (lex_blank(*start))
		start++;
	*arg = (struct usdt_arg){ .scale = 1 };
	args->at = (size_t)(start - args->text);
	arg->pos = args->at;
	if (!*start)
		return false;

	lex.word = args->class == ELFCLASS64 ? 8 : 4;
	sized = size_parse(start, arg);
	lex.at = start + sized;
	lex.sized = sized > 0;
	if (operand(&lex)) {
		end = lex.at;
		if (!sized)
			arg->size = natural_size(&lex);
		check_size(&lex, args->class);
	} else {
		end = resume(start + sized);
		if (!sized)
			arg->size = lex.word;
	}
	args->at = (size_t)(end - args->text);
	while (end > start + 1 && lex_blank(end[-1]))
		end--;
	arg->length = (size_t)(end - start);
	return true;
}
