// SPDX-License-Identifier: BSD-2-Clause
/*
 * args.c - fuzzing the arguments of static probes.
 *
 * The first byte chooses the machine.  What must hold: the arguments are parts
 * of the text, in order; each one alone is read as it was among the others; and
 * a map value says as many as there are, and nothing of what was in it before.
 */
#include <stdlib.h>
#include <string.h>

#include "usdt/args.h"
#include "usdt/elf/native.h"
#include "usdt/usdt_spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct machine {
	uint16_t machine;
	int class;
} machines[] = {
	{ EM_X86_64, ELFCLASS64 },    { EM_X86_64, ELFCLASS32 },
	{ EM_386, ELFCLASS32 },	      { EM_AARCH64, ELFCLASS64 },
	{ EM_ARM, ELFCLASS32 },	      { EM_S390, ELFCLASS64 },
	{ EM_PPC64, ELFCLASS64 },     { EM_PPC, ELFCLASS32 },
	{ EM_RISCV, ELFCLASS64 },     { EM_MIPS, ELFCLASS64 },
	{ EM_LOONGARCH, ELFCLASS64 }, { 999, ELFCLASS64 },
};

static void must(bool good)
{
	if (!good)
		abort();
}

static int find(void *ctx, const char *name, size_t length, uint64_t *address)
{
	(void)ctx;
	*address = (unsigned char)name[length - 1] * 0x1000ULL;
	return 0;
}

static void check_alone(const struct machine *m, const struct usdt_arg *arg,
			const char *text)
{
	char *alone = strndup(text + arg->pos, arg->length);
	struct usdt_args args;
	struct usdt_arg again, none;

	usdt_args_begin(&args, m->machine, m->class, alone);
	must(usdt_args_next(&args, &again));
	must(again.kind == arg->kind && again.size == arg->size &&
	     again.is_signed == arg->is_signed && again.pos == 0 &&
	     again.length == arg->length);
	if (arg->kind != USDT_UNAVAILABLE)
		must(again.value == arg->value && again.scale == arg->scale &&
		     again.symbol.length == arg->symbol.length &&
		     !memcmp(&again.base, &arg->base, sizeof(arg->base)) &&
		     !memcmp(&again.index, &arg->index, sizeof(arg->index)));
	must(!usdt_args_next(&args, &none));
	free(alone);
}

static void check_arg(const struct machine *m, const struct usdt_arg *arg,
		      const char *text, FILE *out)
{
	must(arg->length > 0 && arg->pos + arg->length <= strlen(text));
	must((arg->kind == USDT_UNAVAILABLE) == (arg->why[0] != '\0'));
	usdt_arg_show(arg, out);
	/* A ':' is the mark of no arguments where it comes first. */
	if (text[arg->pos] != ':')
		check_alone(m, arg, text);
}

static void check_spec(const struct machine *m, uint32_t size, uint16_t type,
		       const char *text, size_t count)
{
	struct spec_site site = { .machine = m->machine,
				  .class = m->class,
				  .type = type,
				  .ip = 0x401000,
				  .find = find };
	struct usdt_spec a, b;
	int16_t said;

	memset(&a, 0xaa, sizeof(a));
	memset(&b, 0x55, sizeof(b));
	must(spec_encode(&site, size, text, 1, &a) == count);
	must(spec_encode(&site, size, text, 1, &b) == count);
	must(spec_equal(&a, &b) && spec_hash(&a) == spec_hash(&b));
	memcpy(&said, a.bytes + size - 8, sizeof(said));
	must((size_t)said == (count < SPEC_ARGS ? count : SPEC_ARGS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct machine *m;
	struct usdt_args args;
	struct usdt_arg arg;
	size_t count = 0, end = 0, shown_size;
	char *text, *shown;
	FILE *out;

	if (size == 0)
		return 0;
	m = &machines[data[0] % (sizeof(machines) / sizeof(machines[0]))];
	text = strndup((const char *)data + 1, size - 1);
	out = open_memstream(&shown, &shown_size);
	usdt_args_begin(&args, m->machine, m->class, text);
	for (; usdt_args_next(&args, &arg); count++) {
		must(arg.pos >= end);
		end = arg.pos + arg.length;
		check_arg(m, &arg, text, out);
	}
	fclose(out);
	check_spec(m, SPEC_SIZE_OLD, ET_DYN, text, count);
	check_spec(m, SPEC_SIZE_INDEX, ET_EXEC, text, count);
	free(shown);
	free(text);
	return 0;
}
