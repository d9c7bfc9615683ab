// SPDX-License-Identifier: BSD-2-Clause
/* usdt_fetch.c - registers of the kernel, and addresses relative to them. */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "usdt/elf/native.h"
#include "usdt/usdt_fetch.h"

/* Where the register is in pt_regs; refuses and returns -1 if nowhere. */
static int reg_offset(const struct spec_site *site, struct usdt_arg *arg,
		      const struct usdt_reg *reg)
{
	const struct machine *machine = machine_find(site->machine);
	int offset = -1;

	if (machine && reg->number < machine->regs.count)
		offset = machine->regs.table
				 ? machine->regs.table[reg->number]
				 : machine->regs.first + 8 * reg->number;
	if (offset < 0) {
		usdt_arg_refuse(arg, "the kernel does not keep %s", reg->name);
		return -1;
	}
	/* Only x86 has high bytes, and it is little endian. */
	return reg->class == USDT_REG_HIGH ? offset + 1 : offset;
}

/* The symbol's address with what is added to it; false refuses. */
static bool symbol_address(const struct spec_site *site, struct usdt_arg *arg,
			   uint64_t *address)
{
	const struct usdt_span *symbol = &arg->symbol;
	int r = -ENOENT;

	*address = 0;
	if (site->find)
		r = site->find(site->ctx, symbol->at, symbol->length, address);
	if (r)
		usdt_arg_refuse(arg, "the file has %s symbol%s '%.*s'",
				r == -ENOTUNIQ ? "several" : "no",
				r == -ENOTUNIQ ? "s" : "", (int)symbol->length,
				symbol->at);
	*address += arg->value;
	return r == 0;
}

static void refuse_reloc(struct usdt_arg *arg)
{
	usdt_arg_refuse(arg, "relocation '%.*s' is known to the linker alone",
			(int)arg->reloc.length, arg->reloc.at);
}

/*
 * An absolute address is ip + (address - ip), where neither moves: sets the
 * base to ip.
 */
static void at_absolute(const struct spec_site *site, struct usdt_arg *arg,
			uint64_t address, struct fetch *fetch)
{
	static const struct usdt_reg ip = { "rip", USDT_REG_IP, 32, 8 };

	if (site->type != ET_EXEC || site->machine != EM_X86_64) {
		usdt_arg_refuse(arg, "an absolute address, which is known only "
				     "in x86-64 files of type EXEC");
		return;
	}
	fetch->reg = reg_offset(site, arg, &ip);
	fetch->value = address - site->ip;
}

/*
 * What aarch64 calls lo12 is the part of an address that loading does not
 * change: files are moved by whole pages.
 */
static void at_symbol(const struct spec_site *site, struct usdt_arg *arg,
		      struct fetch *fetch)
{
	static const char lo12[] = "lo12";
	bool low = site->machine == EM_AARCH64 &&
		   arg->reloc.length == strlen(lo12) &&
		   !strncmp(arg->reloc.at, lo12, arg->reloc.length);
	const struct usdt_reg *index = &arg->index;
	uint64_t address;

	if (arg->reloc.length && !low) {
		refuse_reloc(arg);
		return;
	}
	if (!symbol_address(site, arg, &address))
		return;
	if (low || arg->base.class == USDT_REG_IP) {
		fetch->reg = reg_offset(site, arg, &arg->base);
		fetch->value = low ? address & 0xfff : address - site->ip;
		return;
	}
	at_absolute(site, arg, address, fetch);
	if (arg->base.class && index->class)
		usdt_arg_refuse(arg, "a symbol, a base and an index are more "
				     "than a program can add");
	if (arg->base.class)
		index = &arg->base;
	if (index->class)
		fetch->index = reg_offset(site, arg, index);
}

/* An index without a base: "8(,%rax,2)" is rax + rax + 8. */
static void at_index(const struct spec_site *site, struct usdt_arg *arg,
		     struct fetch *fetch)
{
	if (arg->scale > 2)
		at_absolute(site, arg, arg->value, fetch);
	else
		fetch->reg = reg_offset(site, arg, &arg->index);
	if (arg->scale > 1)
		fetch->index = reg_offset(site, arg, &arg->index);
	if (arg->scale == 2)
		fetch->shift = 0;
}

static void at_base(const struct spec_site *site, struct usdt_arg *arg,
		    struct fetch *fetch)
{
	fetch->reg = reg_offset(site, arg, &arg->base);
	if (arg->index.class)
		fetch->index = reg_offset(site, arg, &arg->index);
}

static void fetch_memory(const struct spec_site *site, struct usdt_arg *arg,
			 struct fetch *fetch)
{
	const char *segment = arg->segment.name;
	bool based = arg->base.class && arg->base.class != USDT_REG_ZERO;

	fetch->value = arg->value;
	fetch->shift = (unsigned int)__builtin_ctz(arg->scale);
	/* In long mode the other segments begin at 0. */
	if (*segment == 'f' || *segment == 'g')
		usdt_arg_refuse(arg,
				"segment %s begins elsewhere in each "
				"thread",
				segment);
	if (arg->extend)
		usdt_arg_refuse(arg, "%s is to be extended from 32 bits",
				arg->index.name);
	if (arg->symbol.length)
		at_symbol(site, arg, fetch);
	else if (based)
		at_base(site, arg, fetch);
	else if (arg->index.class)
		at_index(site, arg, fetch);
	else
		at_absolute(site, arg, arg->value, fetch);
	fetch->type = fetch->index >= 0 ? FETCH_INDEX : FETCH_MEMORY;
}

static void fetch_const(const struct spec_site *site, struct usdt_arg *arg,
			struct fetch *fetch)
{
	fetch->type = FETCH_CONST;
	fetch->value = arg->value;
	if (!arg->symbol.length)
		return;
	if (arg->reloc.length)
		refuse_reloc(arg);
	else if (site->type != ET_EXEC)
		usdt_arg_refuse(arg,
				"the address of '%.*s' moves with the "
				"file",
				(int)arg->symbol.length, arg->symbol.at);
	else
		symbol_address(site, arg, &fetch->value);
}

static void fetch_reg(const struct spec_site *site, struct usdt_arg *arg,
		      struct fetch *fetch)
{
	fetch->type = FETCH_REG;
	fetch->reg = reg_offset(site, arg, &arg->base);
}

void fetch_make(const struct spec_site *site, uint32_t size, size_t number,
		struct usdt_arg *arg, struct fetch *fetch)
{
	static void (*const makers[])(const struct spec_site *site,
				      struct usdt_arg *arg,
				      struct fetch *fetch) = {
		[USDT_CONST] = fetch_const,
		[USDT_REG] = fetch_reg,
		[USDT_MEMORY] = fetch_memory,
	};

	*fetch = (struct fetch){ .reg = -1, .index = -1 };
	if (number >= SPEC_ARGS)
		usdt_arg_refuse(arg, "a program can fetch only the first %d",
				SPEC_ARGS);
	else if (arg->kind > USDT_CONST && site->class != ELFCLASS64)
		usdt_arg_refuse(arg, "a register of a 32-bit program");
	else if (arg->kind != USDT_UNAVAILABLE)
		makers[arg->kind](site, arg, fetch);
	if (fetch->type == FETCH_INDEX && size != SPEC_SIZE_INDEX)
		usdt_arg_refuse(arg, "an index needs a program built with "
				     "usdt.bpf.h of libbpf 1.7 or later");
	if (arg->kind == USDT_UNAVAILABLE)
		*fetch = (struct fetch){ .type = SPEC_UNAVAILABLE,
					 .reg = -1,
					 .index = -1 };
}
