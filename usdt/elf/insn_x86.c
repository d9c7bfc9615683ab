// SPDX-License-Identifier: BSD-2-Clause
/*
 * insn_x86.c - which instructions of x86 a kernel can probe.
 *
 * The kernel executes the probed instruction elsewhere, or emulates it, by what
 * its own decoder makes of it: arch/x86/kernel/uprobes.c.  It judges by the
 * opcode byte and does not ask which prefix stands before it.  So it takes
 * what VEX, EVEX, XOP and REX2 encode for the old instruction of that opcode:
 * it jumps for a vpor (eb) and does not execute it.  The table below has what
 * Linux 5.10 to 7.2 refuse or do wrongly; what one of them does wrongly is
 * refused on all.  tests/opcodes.c found each by its result.
 */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <Zydis/Zydis.h>

#include "array.h"
#include "usdt/elf/insn_x86.h"
#include "usdt/elf/native.h"

enum mode {
	IN_32 = 1 << 0,
	IN_64 = 1 << 1,
	IN_BOTH = IN_32 | IN_64,
};

/* Where the opcode byte that the kernel judges by comes from. */
enum encoding {
	ONE = 1 << 0, /* a legacy opcode of one byte */
	TWO = 1 << 1, /* behind 0f */
	VEX = 1 << 2,
	EVEX = 1 << 3,
	XOP = 1 << 4,
	REX2 = 1 << 5,
	NEW = VEX | EVEX | XOP,
};

/* An instruction, as far as the kernel looks at it. */
struct insn {
	enum mode mode;
	enum encoding encoding;
	const char *prefix; /* the first that is refused, or NULL */
	bool data16; /* prefix 66 */
	bool repeats; /* prefix f2 or f3 */
	bool rex_b;
	uint8_t opcode;
	uint8_t operand; /* ModR/M; 0 when the bytes end before it */
};

/* SDM volume 2, 2.1.3 and 2.1.5: mod, reg and r/m of the ModR/M byte. */

static bool is_register(const struct insn *insn)
{
	return insn->operand >> 6 == 3;
}

static bool is_displaced(const struct insn *insn)
{
	return insn->operand >> 6 == 1 || insn->operand >> 6 == 2;
}

static bool is_relative(const struct insn *insn)
{
	return insn->mode == IN_64 && (insn->operand & 0xc7) == 5;
}

static bool is_second(const struct insn *insn)
{
	return (insn->operand >> 3 & 7) == 2;
}

static bool is_repeating(const struct insn *insn)
{
	return insn->repeats;
}

static bool is_repeating_relative(const struct insn *insn)
{
	return insn->repeats && is_relative(insn);
}

static bool is_data16(const struct insn *insn)
{
	return insn->data16;
}

static bool is_rex_b(const struct insn *insn)
{
	return insn->rex_b;
}

#define INVALID	 "an invalid instruction"
#define JUMP_16	 "a jump or call with the prefix 66"
#define MISTAKEN "a prefix f2 or f3 that it mistakes"
#define SSE4A	 "an instruction of SSE4a, which it does not know"

static const struct refusal {
	uint8_t first, last; /* opcode */
	uint8_t modes;
	uint8_t encodings;
	const char *what;
	bool (*when)(const struct insn *insn); /* NULL: always */
} refusals[] = {
	/* Refused: good_insns_32[], good_insns_64[]. */
	{ 0x06, 0x07, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x07, 0x07, IN_32, ONE | NEW, "pop %es", NULL },
	{ 0x0e, 0x0e, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x16, 0x17, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x17, 0x17, IN_32, ONE | NEW, "pop %ss", NULL },
	{ 0x1e, 0x1f, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x1f, 0x1f, IN_32, ONE | NEW, "pop %ds", NULL },
	{ 0x27, 0x27, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x2f, 0x2f, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x37, 0x37, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x3f, 0x3f, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x60, 0x62, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x6c, 0x6f, IN_BOTH, ONE | NEW, "ins or outs", NULL },
	{ 0x82, 0x82, IN_64, ONE | NEW, INVALID, NULL },
	{ 0x9a, 0x9a, IN_64, ONE | NEW, INVALID, NULL },
	{ 0xcc, 0xcc, IN_BOTH, ONE | NEW, "int3, a breakpoint", NULL },
	{ 0xcd, 0xcd, IN_BOTH, ONE | NEW, "int", NULL },
	{ 0xce, 0xce, IN_BOTH, ONE | NEW, "into", NULL },
	{ 0xcf, 0xcf, IN_BOTH, ONE | NEW, "iret", NULL },
	{ 0xd4, 0xd6, IN_64, ONE | NEW, INVALID, NULL },
	{ 0xe4, 0xe7, IN_BOTH, ONE | NEW, "in or out", NULL },
	{ 0xea, 0xea, IN_64, ONE | NEW, INVALID, NULL },
	{ 0xec, 0xef, IN_BOTH, ONE | NEW, "in or out", NULL },
	{ 0xf1, 0xf1, IN_BOTH, ONE | NEW, "int1", NULL },
	{ 0xf4, 0xf4, IN_BOTH, ONE | NEW, "hlt", NULL },
	{ 0xfa, 0xfb, IN_BOTH, ONE | NEW, "cli or sti", NULL },
	/* Refused: insn_masking_exception(), branch_setup_xol_ops(). */
	{ 0x8e, 0x8e, IN_BOTH, ONE | NEW, "mov to %ss", is_second },
	{ 0x70, 0x7f, IN_BOTH, ONE, JUMP_16, is_data16 },
	{ 0xe8, 0xe9, IN_BOTH, ONE, JUMP_16, is_data16 },
	{ 0xeb, 0xeb, IN_BOTH, ONE, JUMP_16, is_data16 },
	{ 0x80, 0x8f, IN_BOTH, TWO, JUMP_16, is_data16 },
	/* Refused: insn_decode() knows none of Intel's at these opcodes. */
	{ 0x78, 0x79, IN_BOTH, TWO, SSE4A, is_data16 },
	{ 0x78, 0x79, IN_BOTH, TWO, SSE4A, is_repeating },
	/* Emulated as a jump, a call, a nop: branch_setup_xol_ops(). */
	{ 0x70, 0x7f, IN_BOTH, NEW, NULL, NULL },
	{ 0x90, 0x90, IN_BOTH, NEW, NULL, NULL },
	{ 0xe8, 0xe9, IN_BOTH, NEW, NULL, NULL },
	{ 0xeb, 0xeb, IN_BOTH, NEW, NULL, NULL },
	{ 0x90, 0x90, IN_64, ONE, "an xchg that it takes for a nop", is_rex_b },
	/* And after Linux 6.18 by insn_is_nop(). */
	{ 0x89, 0x89, IN_BOTH, NEW, NULL, is_register },
	{ 0x8d, 0x8d, IN_BOTH, NEW, NULL, is_displaced },
	/* Executed, but then the return address is "mended", the instruction
	   pointer is not, or the trap flag stays:
	   arch_uprobe_analyze_insn(). */
	{ 0x9a, 0x9a, IN_32, NEW, NULL, NULL },
	{ 0x9d, 0x9d, IN_BOTH, NEW, NULL, NULL },
	{ 0xc2, 0xc3, IN_BOTH, NEW, NULL, NULL },
	{ 0xca, 0xcb, IN_BOTH, NEW, NULL, NULL },
	{ 0xea, 0xea, IN_32, NEW, NULL, NULL },
	{ 0xff, 0xff, IN_BOTH, NEW, NULL, NULL },
	{ 0x9c, 0x9c, IN_BOTH, ONE, "pushf, which then pushes a trap flag",
	  NULL },
	/* Executed elsewhere with an operand that is relative to here, since
	   the decoder knows no XOP before Linux 6.18, and no such prefix of
	   movntss and of what AVX-512 has at these opcodes. */
	{ 0x00, 0xff, IN_64, XOP, NULL, is_relative },
	{ 0x2b, 0x2b, IN_64, TWO, MISTAKEN, is_repeating_relative },
	{ 0x41, 0x4b, IN_64, TWO, MISTAKEN, is_repeating_relative },
	{ 0x90, 0x99, IN_64, TWO, MISTAKEN, is_repeating_relative },
	/* Read past since Linux 6.10, as an invalid instruction before. */
	{ 0x00, 0xff, IN_64, REX2, "the prefix REX2", NULL },
};

static const struct prefix {
	uint8_t byte;
	const char *refused; /* is_prefix_bad(), or NULL */
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

/*
 * In 32 bits VEX and EVEX are les, lds and bound unless mod is 3 behind them.
 */
static bool is_vex(const uint8_t *code, enum mode mode)
{
	return mode == IN_64 || code[1] >> 6 == 3;
}

/* AMD64 volume 3, 1.2.7: a pop has a map below 8. */
static bool is_xop(const uint8_t *code, enum mode mode)
{
	(void)mode;
	return (code[1] & 0x1f) >= 8;
}

static bool is_rex2(const uint8_t *code, enum mode mode)
{
	(void)code;
	return mode == IN_64;
}

static bool is_two(const uint8_t *code, enum mode mode)
{
	(void)mode;
	return code[1] != 0x38 && code[1] != 0x3a;
}

/* Bytes before the opcode.  SDM volume 2, 2.3 and 2.7; APX, 3.1.1. */
static const struct escape {
	uint8_t byte;
	uint8_t size; /* the byte itself included */
	enum encoding encoding;
	bool (*fits)(const uint8_t *code, enum mode mode);
} escapes[] = {
	{ 0x0f, 1, TWO, is_two }, { 0xc5, 2, VEX, is_vex },
	{ 0xc4, 3, VEX, is_vex }, { 0x62, 4, EVEX, is_vex },
	{ 0x8f, 3, XOP, is_xop }, { 0xd5, 2, REX2, is_rex2 },
};

/* The prefix at *code is skipped; false when there is none. */
static bool skip_prefix(const uint8_t **code, const uint8_t *end,
			struct insn *insn)
{
	size_t i;

	for (i = 0; *code < end && i < COUNT(prefixes); i++) {
		if (prefixes[i].byte != **code)
			continue;
		if (!insn->prefix)
			insn->prefix = prefixes[i].refused;
		insn->data16 |= **code == 0x66;
		insn->repeats |= **code == 0xf2 || **code == 0xf3;
		++*code;
		return true;
	}
	return false;
}

static void skip_rex(const uint8_t **code, const uint8_t *end,
		     struct insn *insn)
{
	if (insn->mode == IN_32 || *code >= end || (**code & 0xf0) != 0x40)
		return;
	insn->rex_b = **code & 1;
	++*code;
}

static void skip_escape(const uint8_t **code, const uint8_t *end,
			struct insn *insn)
{
	size_t i;

	for (i = 0; i < COUNT(escapes); i++) {
		if (end - *code <= escapes[i].size ||
		    **code != escapes[i].byte ||
		    !escapes[i].fits(*code, insn->mode))
			continue;
		*code += escapes[i].size;
		insn->encoding = escapes[i].encoding;
		return;
	}
}

/* False when the bytes end before the opcode. */
static bool take_apart(const uint8_t *code, size_t size, struct insn *insn)
{
	const uint8_t *end = code + size;

	while (skip_prefix(&code, end, insn))
		;
	skip_rex(&code, end, insn);
	if (code >= end)
		return false;
	skip_escape(&code, end, insn);
	insn->opcode = *code++;
	if (code < end)
		insn->operand = *code;
	return true;
}

static const char *refusal_find(const struct insn *insn)
{
	const struct refusal *r;
	size_t i;

	for (i = 0; i < COUNT(refusals); i++) {
		r = &refusals[i];
		if (insn->opcode < r->first || insn->opcode > r->last ||
		    !(insn->mode & r->modes) ||
		    !(insn->encoding & r->encodings) ||
		    (r->when && !r->when(insn)))
			continue;
		return insn->encoding & NEW
			       ? "an AVX instruction that it mistakes for another"
			       : r->what;
	}
	return NULL;
}

static bool decode(const uint8_t *code, size_t size, unsigned int bits,
		   ZydisDecodedInstruction *insn)
{
	ZydisDecoder decoder;

	if (bits == 64)
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
				 ZYDIS_STACK_WIDTH_64);
	else
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_32,
				 ZYDIS_STACK_WIDTH_32);
	return ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code,
							  size, insn));
}

size_t x86_length(const uint8_t *code, size_t size, unsigned int bits)
{
	ZydisDecodedInstruction insn;

	return decode(code, size, bits, &insn) ? insn.length : 0;
}

/*
 * Linux 6.18 makes a call of a nop of five bytes, and its system call uprobe
 * says ENXIO to others.  Later ones take one of ten bytes, which they did not
 * probe before, step over the red zone, and say EPROTO.
 */
static bool kernel_says(int code)
{
	enum { NR_UPROBE = 336 };

	return MACHINE_NATIVE == EM_X86_64 && syscall(NR_UPROBE) < 0 &&
	       errno == code;
}

/* What a function keeps below the stack pointer, it keeps not at its entry. */
static bool breaks_red_zone(const uint8_t *code, size_t size, unsigned int bits)
{
	ZydisDecodedInstruction insn;

	return bits == 64 && decode(code, size, bits, &insn) &&
	       insn.length == 5 && insn.mnemonic == ZYDIS_MNEMONIC_NOP &&
	       kernel_says(ENXIO);
}

/* is_optimizable_nop10() */
static bool is_call_of_ten(const uint8_t *code, size_t size, unsigned int bits)
{
	static const uint8_t nop[] = { 0x66, 0x2e, 0x0f, 0x1f, 0x84 };

	return bits == 64 && size >= 2 * sizeof(nop) &&
	       !memcmp(code, nop, sizeof(nop)) && kernel_says(EPROTO);
}

const char *x86_refused(const uint8_t *code, size_t size, unsigned int bits,
			bool entry)
{
	struct insn insn = {
		.mode = bits == 64 ? IN_64 : IN_32,
		.encoding = ONE,
	};
	const char *what;

	if (is_call_of_ten(code, size, bits))
		return NULL;
	if (!take_apart(code, size, &insn) || insn.prefix)
		return insn.prefix;
	what = refusal_find(&insn);
	if (!what && !entry && breaks_red_zone(code, size, bits))
		what = "a nop of five bytes, for which it overwrites what the function keeps below the stack pointer";
	return what;
}
