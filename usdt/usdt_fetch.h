/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usdt_fetch.h - how a program gets at one argument, in no layout yet.
 *
 * Private to usdt/spec*.c.
 */
#ifndef USDT_USDT_FETCH_H
#define USDT_USDT_FETCH_H

#include "usdt/usdt_spec.h"

enum { /* enum __bpf_usdt_arg_type of usdt.bpf.h */
       FETCH_CONST,
       FETCH_REG,
       FETCH_MEMORY,
       FETCH_INDEX, /* libbpf 1.7, commit 9236e137 */
};

struct fetch {
	uint64_t value; /* constant, or what is added to the registers */
	unsigned int type; /* one of these, or SPEC_UNAVAILABLE */
	int reg, index; /* offsets in struct pt_regs; -1 is none */
	unsigned int shift; /* of the index */
};

/*
 * Fills *fetch; refuses arg, with the reason, when a program with specs of this
 * size cannot fetch it.
 */
void fetch_make(const struct spec_site *site, uint32_t size, size_t number,
		struct usdt_arg *arg, struct fetch *fetch);

#endif
