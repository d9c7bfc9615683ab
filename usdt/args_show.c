// SPDX-License-Identifier: BSD-2-Clause
/* args_show.c - an argument in words. */
#include <inttypes.h>

#include "usdt/args.h"

/* Symbols come from the file: no control character of theirs gets out. */
static void show_span(const struct usdt_span *span, FILE *out)
{
	size_t i;

	for (i = 0; i < span->length; i++) {
		unsigned char c = (unsigned char)span->at[i];

		fputc(c < ' ' || c == '\177' ? '?' : c, out);
	}
}

static void show_symbol(const struct usdt_arg *arg, FILE *out)
{
	show_span(&arg->symbol, out);
	if (arg->reloc.length) {
		fputc('@', out);
		show_span(&arg->reloc, out);
	}
}

static void show_displacement(uint64_t value, bool first, FILE *out)
{
	if ((int64_t)value < 0)
		fprintf(out, "-%" PRIu64, -value);
	else if (value || first)
		fprintf(out, "%s%" PRIu64, first ? "" : "+", value);
}

static void show_memory(const struct usdt_arg *arg, FILE *out)
{
	static const char *const extends[] = { "", "uxtw ", "sxtw " };
	const char *plus = "";

	if (arg->segment.class)
		fprintf(out, "%s:", arg->segment.name);
	if (arg->symbol.length) {
		show_symbol(arg, out);
		plus = "+";
	}
	/* "counter(%rip)" is just the place of counter. */
	if (arg->base.class &&
	    !(arg->base.class == USDT_REG_IP && arg->symbol.length)) {
		fprintf(out, "%s%s", plus, arg->base.name);
		plus = "+";
	}
	if (arg->index.class) {
		fprintf(out, "%s%s%s", plus, extends[arg->extend],
			arg->index.name);
		if (arg->scale > 1)
			fprintf(out, "*%u", arg->scale);
		plus = "+";
	}
	show_displacement(arg->value, !*plus, out);
}

/* As the program will see it: cut to the size, with its sign. */
static void show_const(const struct usdt_arg *arg, FILE *out)
{
	unsigned int shift = 64 - 8 * (unsigned int)arg->size;

	if (arg->symbol.length) {
		fputs("address of ", out);
		show_symbol(arg, out);
		show_displacement(arg->value, false, out);
	} else if (arg->is_float) {
		fprintf(out, "constant 0x%" PRIx64,
			arg->value << shift >> shift);
	} else if (arg->is_signed) {
		fprintf(out, "constant %" PRId64,
			(int64_t)(arg->value << shift) >> shift);
	} else {
		fprintf(out, "constant %" PRIu64, arg->value << shift >> shift);
	}
}

void usdt_arg_show(const struct usdt_arg *arg, FILE *out)
{
	if (arg->kind == USDT_UNAVAILABLE) {
		fprintf(out, "unavailable: %s", arg->why);
		return;
	}
	fprintf(out, "%c%" PRIu64 " ",
		arg->is_float	 ? 'f'
		: arg->is_signed ? 's'
				 : 'u',
		8 * arg->size);
	switch (arg->kind) {
	case USDT_CONST:
		show_const(arg, out);
		break;
	case USDT_REG:
		fprintf(out, "in %s", arg->base.name);
		break;
	default:
		fputs("at ", out);
		show_memory(arg, out);
	}
}
