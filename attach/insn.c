// SPDX-License-Identifier: BSD-2-Clause
/*
 * insn.c - where instructions begin, and which of them can be probed.
 *
 * Boundaries are found by decoding from the function's start.  What x86 kernels
 * refuse is read from the bytes alone: arch/x86/kernel/uprobes.c,
 * is_prefix_bad(), insn_masking_exception() and good_insns_32[],
 * good_insns_64[].  The table
 * below was compared with Linux 6.18 opcode by opcode.  Two-byte opcodes (0f)
 * are all accepted; an AVX instruction is judged, oddly, as if its opcode were
 * of one byte, so vmovdqa (6f) is refused.
 */
#include <errno.h>
#include <string.h>

#include <capstone/capstone.h>

#include "attach/insn.h"
#include "scope.h"

enum {
	DECODE_MAX = 1 << 22, /* bytes of one function; a second, at most */
	INSN_MAX = 15, /* bytes of an x86 instruction */
};

static const struct machine {
	uint16_t machine;
	cs_arch arch;
	cs_mode mode;
	unsigned int step; /* bytes, when all instructions are as long; or 0 */
} machines[] = {
	{ EM_X86_64, CS_ARCH_X86, CS_MODE_64, 0 },
	{ EM_386, CS_ARCH_X86, CS_MODE_32, 0 },
	{ EM_AARCH64, CS_ARCH_ARM64, CS_MODE_ARM, 4 },
};

static const struct machine *machine_find(uint16_t number)
{
	size_t i;

	for (i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == number)
			return &machines[i];
	return NULL;
}

/* Goes from *at as far as offset, or as far as the bytes make sense. */
static int decode(const struct machine *machine, const uint8_t *code,
		  size_t size, uint64_t *at, uint64_t offset, uint64_t *before,
		  struct err *e)
{
	uint64_t address = *at;
	cs_insn *insn;
	csh handle;

	if (cs_open(machine->arch, machine->mode, &handle) != CS_ERR_OK)
		return fail(e, ENOMEM, "cannot set up the disassembler");
	insn = cs_malloc(handle);
	while (insn && *at < offset &&
	       cs_disasm_iter(handle, &code, &size, &address, insn)) {
		*before = *at;
		*at = address;
	}
	if (insn)
		cs_free(insn, 1);
	cs_close(&handle);
	return insn ? 0 : fail(e, ENOMEM, "no memory to disassemble");
}

int insn_place(const struct image *image, uint64_t start, uint64_t offset,
	       uint64_t *before, uint64_t *after, struct err *e)
{
	const struct machine *machine = machine_find(image_machine(image));
	scoped_free uint8_t *code = NULL;
	uint64_t at = start, size = offset - start + INSN_MAX;
	int result;

	*before = *after = start;
	if (offset == start)
		return INSN_BOUNDARY;
	if (machine && machine->step) {
		*before = offset - (offset - start) % machine->step;
		*after = *before + machine->step;
		return *before == offset ? INSN_BOUNDARY : INSN_INSIDE;
	}
	if (!machine || offset < start || offset - start > DECODE_MAX ||
	    offset >= image_size(image))
		return INSN_UNKNOWN;
	if (size > image_size(image) - start)
		size = image_size(image) - start;
	code = malloc(size);
	if (!code)
		return fail(e, ENOMEM, "no memory to disassemble");
	result = image_read(image, start, code, size);
	if (result)
		return fail(e, -result, "cannot read its code: %s",
			    strerror(-result));
	result = decode(machine, code, size, &at, offset, before, e);
	*after = at;
	if (result)
		return result;
	if (at < offset)
		*before = at;
	return at == offset  ? INSN_BOUNDARY
	       : at > offset ? INSN_INSIDE
			     : INSN_UNKNOWN;
}

enum {
	IN_32 = 1 << 0,
	IN_64 = 1 << 1,
	IN_BOTH = IN_32 | IN_64,
};

static const struct refusal {
	uint8_t first, last; /* opcode */
	uint8_t modes;
	const char *what;
} refusals[] = {
	{ 0x06, 0x07, IN_64, "an invalid instruction" },
	{ 0x07, 0x07, IN_32, "pop %es" },
	{ 0x0e, 0x0e, IN_64, "an invalid instruction" },
	{ 0x16, 0x17, IN_64, "an invalid instruction" },
	{ 0x17, 0x17, IN_32, "pop %ss" },
	{ 0x1e, 0x1f, IN_64, "an invalid instruction" },
	{ 0x1f, 0x1f, IN_32, "pop %ds" },
	{ 0x27, 0x27, IN_64, "an invalid instruction" },
	{ 0x2f, 0x2f, IN_64, "an invalid instruction" },
	{ 0x37, 0x37, IN_64, "an invalid instruction" },
	{ 0x3f, 0x3f, IN_64, "an invalid instruction" },
	{ 0x60, 0x62, IN_64, "an invalid instruction" },
	{ 0x6c, 0x6f, IN_BOTH, "ins or outs" },
	{ 0x82, 0x82, IN_64, "an invalid instruction" },
	{ 0x9a, 0x9a, IN_64, "an invalid instruction" },
	{ 0xcc, 0xcc, IN_BOTH, "int3, a breakpoint" },
	{ 0xcd, 0xcd, IN_BOTH, "int" },
	{ 0xce, 0xce, IN_BOTH, "into" },
	{ 0xcf, 0xcf, IN_BOTH, "iret" },
	{ 0xd4, 0xd6, IN_64, "an invalid instruction" },
	{ 0xe4, 0xe7, IN_BOTH, "in or out" },
	{ 0xea, 0xea, IN_64, "an invalid instruction" },
	{ 0xec, 0xef, IN_BOTH, "in or out" },
	{ 0xf1, 0xf1, IN_BOTH, "int1" },
	{ 0xf4, 0xf4, IN_BOTH, "hlt" },
	{ 0xfa, 0xfb, IN_BOTH, "cli or sti" },
};

static const struct prefix {
	uint8_t byte;
	const char *refused; /* NULL when it does no harm */
} prefixes[] = {
	{ 0x26, "a prefix of the segment %es" },
	{ 0x2e, "a prefix of the segment %cs" },
	{ 0x36, "a prefix of the segment %ss" },
	{ 0x3e, "a prefix of the segment %ds, or notrack" },
	{ 0xf0, "the prefix lock" },
	{ 0x64, NULL },
	{ 0x65, NULL },
	{ 0x66, NULL },
	{ 0x67, NULL },
	{ 0xf2, NULL },
	{ 0xf3, NULL },
};

/* AVX: these bytes stand before the opcode.  SDM volume 2, 2.3 and 2.7. */
static const struct vex {
	uint8_t byte;
	uint8_t size; /* the byte itself included */
} vexes[] = {
	{ 0xc5, 2 },
	{ 0xc4, 3 },
	{ 0x62, 4 },
};

/* The prefix at *code is skipped; false when there is none. */
static bool skip_prefix(const uint8_t **code, const uint8_t *end,
			const char **refused)
{
	size_t i;

	for (i = 0; *code < end && i < sizeof(prefixes) / sizeof(prefixes[0]);
	     i++) {
		if (prefixes[i].byte != **code)
			continue;
		if (!*refused)
			*refused = prefixes[i].refused;
		++*code;
		return true;
	}
	return false;
}

/* In 32 bits these bytes are les, lds and bound unless a register follows. */
static bool skip_vex(const uint8_t **code, const uint8_t *end, int mode)
{
	size_t i;

	for (i = 0; i < sizeof(vexes) / sizeof(vexes[0]); i++) {
		if (end - *code <= vexes[i].size || **code != vexes[i].byte)
			continue;
		if (mode == IN_32 && ((*code)[1] & 0xc0) != 0xc0)
			return false;
		*code += vexes[i].size;
		return true;
	}
	return false;
}

static const char *refused_opcode(uint8_t opcode, int mode)
{
	size_t i;

	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (opcode >= refusals[i].first && opcode <= refusals[i].last &&
		    (refusals[i].modes & mode))
			return refusals[i].what;
	return NULL;
}

/* What it is that the kernel refuses, or NULL. */
static const char *refused_x86(const uint8_t *code, const uint8_t *end,
			       int mode)
{
	const char *refused = NULL;
	bool avx;

	while (skip_prefix(&code, end, &refused))
		;
	if (mode == IN_64 && code < end && (*code & 0xf0) == 0x40)
		code++; /* REX */
	if (refused || code >= end)
		return refused;
	avx = skip_vex(&code, end, mode);
	refused = refused_opcode(*code, mode);
	if (refused)
		return avx ? "an AVX instruction that it mistakes for another"
			   : refused;
	if (!avx && *code == 0x8e && end - code > 1 && (code[1] >> 3 & 7) == 2)
		return "mov to %ss";
	return NULL;
}

int insn_probeable(const struct image *image, uint64_t offset, struct err *e)
{
	const struct machine *machine = machine_find(image_machine(image));
	uint64_t size = image_size(image) - offset;
	uint8_t code[INSN_MAX];
	const char *refused;
	int result;

	if (!machine || machine->arch != CS_ARCH_X86)
		return 0;
	if (size > sizeof(code))
		size = sizeof(code);
	result = image_read(image, offset, code, size);
	if (result)
		return fail(e, -result, "cannot read its code: %s",
			    strerror(-result));
	refused = refused_x86(code, code + size,
			      machine->mode == CS_MODE_64 ? IN_64 : IN_32);
	if (refused)
		return fail(
			e, EOPNOTSUPP,
			"the kernel cannot probe the instruction at 0x%jx: it is or has %s; probe the one before or after it",
			(uintmax_t)offset, refused);
	return 0;
}
