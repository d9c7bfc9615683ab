// SPDX-License-Identifier: BSD-2-Clause
/* native.c - the table of machines. */
#include "array.h"
#include "usdt/elf/insn_x86.h"
#include "usdt/elf/native.h"

/* Debian's names of the machines; each is in ld.so.conf.d there. */
#define LIBRARIES(multiarch)                             \
	{                                                \
		"/lib/" multiarch, "/usr/lib/" multiarch \
	}
#define NO_LIBRARIES               \
	{                          \
		"/lib", "/usr/lib" \
	}

/* clang-format off */
/* struct pt_regs of x86-64 in the order of the registers' numbers. */
static const int16_t pt_regs_x86_64[] = {
	80, 88, 96, 40, 152, 32, 104, 112, /* ax cx dx bx sp bp si di */
	72, 64, 56, 48, 24, 16, 8, 0,      /* r8 .. r15 */
	-1, -1, -1, -1, -1, -1, -1, -1,    /* r16 .. r31: in the xsave area */
	-1, -1, -1, -1, -1, -1, -1, -1,
	128,                               /* ip */
};

static const struct nop nops_x86[] = {
	{ 1, { 0x90 } },
	{ 2, { 0x0f, 0x1f } },
	{ 0, { 0 } },
};
static const struct nop nops_aarch64[] = {
	{ 4, { 0x1f, 0x20, 0x03, 0xd5 } },
	{ 0, { 0 } },
};
static const struct nop nops_riscv[] = {
	{ 4, { 0x13, 0, 0, 0 } },
	{ 2, { 0x01, 0 } },
	{ 0, { 0 } },
};
static const struct nop nops_s390[] = {
	{ 2, { 0x07, 0 } },
	{ 4, { 0x47, 0, 0, 0 } },
	{ 0, { 0 } },
};

static const struct machine machines[] = {
	{
		.number = EM_X86_64,
		.name = "x86-64",
		.bits = 64,
		.syntax = SYNTAX_X86,
		.regs = { COUNT(pt_regs_x86_64), 0,
			  pt_regs_x86_64 },
		.length = x86_length,
		.refused = x86_refused,
		.nops = nops_x86,
		.nop_prefixes = "\x66\x2e",
		.runs = EM_386,
		.call_prefix = "__x64_",
		.library_dirs = LIBRARIES("x86_64-linux-gnu"),
		.cache_flags = 0x0303,
	},
	{
		.number = EM_386,
		.name = "i386",
		.bits = 32,
		.syntax = SYNTAX_X86,
		.length = x86_length,
		.refused = x86_refused,
		.nops = nops_x86,
		.nop_prefixes = "\x66\x2e",
		.call_prefix = "__ia32_",
		.library_dirs = NO_LIBRARIES,
		.cache_flags = 0x0003,
	},
	{
		.number = EM_AARCH64,
		.name = "AArch64",
		.bits = 64,
		.syntax = SYNTAX_AARCH64,
		.regs = { 32, 0, NULL }, /* user_pt_regs: regs, sp */
		.step = 4,
		.nops = nops_aarch64,
		.call_prefix = "__arm64_",
		.library_dirs = LIBRARIES("aarch64-linux-gnu"),
		.cache_flags = 0x0a03,
	},
	{
		.number = EM_ARM,
		.name = "ARM",
		.bits = 32,
		.syntax = SYNTAX_ARM,
		.call_prefix = "__arm_",
		.library_dirs = NO_LIBRARIES,
		.cache_flags = 0x0003,
	},
	{
		.number = EM_RISCV,
		.name = "RISC-V",
		/* user_regs_struct: pc for x0, ra, sp */
		.regs = { 32, 0, NULL },
		.nops = nops_riscv,
		.call_prefix = "__riscv_",
		.library_dirs = LIBRARIES("riscv64-linux-gnu"),
		.cache_flags = 0x0003,
	},
	{
		.number = EM_S390,
		.name = "S/390",
		/* user_pt_regs: args, psw, gprs */
		.regs = { 16, 24, NULL },
		.nops = nops_s390,
		.call_prefix = "__s390x_",
		.library_dirs = LIBRARIES("s390x-linux-gnu"),
		.cache_flags = 0x0003,
	},
	{
		.number = EM_PPC64,
		.name = "PowerPC64",
		.bits = 64,
		.call_prefix = "__powerpc64_",
		.library_dirs = LIBRARIES("powerpc64le-linux-gnu"),
		.cache_flags = 0x0003,
	},
	{
		.number = EM_PPC,
		.name = "PowerPC",
		.bits = 32,
		.call_prefix = "__powerpc_",
		.library_dirs = NO_LIBRARIES,
		.cache_flags = 0x0003,
	},
	{
		.number = EM_MIPS,
		.name = "MIPS",
		.call_prefix = "__mips_",
		.library_dirs = NO_LIBRARIES,
		.cache_flags = 0x0003,
	},
	{
		.number = EM_LOONGARCH,
		.name = "LoongArch",
		.call_prefix = "",
		.library_dirs = NO_LIBRARIES,
		.cache_flags = 0x0003,
	},
};
/* clang-format on */

static const struct machine unknown = {
	.number = EM_NONE,
	.name = "a machine that is not known here",
	.call_prefix = "",
	.library_dirs = NO_LIBRARIES,
	.cache_flags = 0x0003,
};

const struct machine *machine_find(uint16_t number)
{
	size_t i;

	for (i = 0; i < COUNT(machines); i++)
		if (machines[i].number == number)
			return &machines[i];
	return NULL;
}

const struct machine *machine_native(void)
{
	const struct machine *machine = machine_find(MACHINE_NATIVE);

	return machine ? machine : &unknown;
}

const char *machine_name(uint16_t number)
{
	const struct machine *machine = machine_find(number);

	return machine ? machine->name : NULL;
}
