/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * insn_x86.h - instructions of x86, of 32 and of 64 bits.
 *
 * Pure functions of bytes, which may be anything.
 */
#ifndef USDT_ELF_INSN_X86_H
#define USDT_ELF_INSN_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { X86_INSN_MAX = 15 }; /* bytes; SDM volume 2, 2.3.11 */

/* Bytes of the instruction that begins at code; 0 when there is none. */
size_t x86_length(const uint8_t *code, size_t size, unsigned int bits);

/*
 * What it is about the instruction at code that kernels refuse, or for which
 * they execute it wrongly; NULL when they do it right.  entry says that a
 * function begins there.
 */
const char *x86_refused(const uint8_t *code, size_t size, unsigned int bits,
			bool entry);

#endif
