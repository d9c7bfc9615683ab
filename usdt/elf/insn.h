/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * insn.h - machine instructions, as far as a uprobe must know them.
 *
 * The kernel puts its breakpoint wherever it is told; in the middle of an
 * instruction that kills the process.  So this is found out before.
 */
#ifndef USDT_ELF_INSN_H
#define USDT_ELF_INSN_H

#include <stdbool.h>
#include <stdint.h>

#include "fail.h"
#include "usdt/elf/image.h"

enum { INSN_MAX = 16 }; /* bytes of an instruction, of any machine */

enum insn_place {
	INSN_BOUNDARY, /* an instruction begins there */
	INSN_INSIDE, /* between before and after no other begins */
	INSN_UNKNOWN, /* what lies before it, at `before`, is not decodable */
};

/*
 * Decodes from start, where an instruction begins, on to offset; both are file
 * offsets.  *before and *after are the neighbouring beginnings.  -errno when
 * the file cannot be read.
 */
int insn_place(const struct image *image, uint64_t start, uint64_t offset,
	       uint64_t *before, uint64_t *after, struct err *e);

/*
 * 0 when a probe of the instruction at that file offset leaves what it computes
 * as it is.  EOPNOTSUPP when the kernel would refuse to (524, as soon as a
 * process has it mapped, and nothing before), or would execute it wrongly.
 * entry says that a function begins there.
 */
int insn_probeable(const struct image *image, uint64_t offset, bool entry,
		   struct err *e);
/* The same of bytes, of a machine (EM_X86_64), that are at the offset. */
int insn_check(uint16_t machine, const uint8_t *code, size_t size,
	       uint64_t offset, bool entry, struct err *e);

#endif
