/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usdt_spec.h - arguments as programs built with libbpf's usdt.bpf.h read them.
 *
 * A program finds its arguments in a struct __bpf_usdt_spec, a value of the map
 * __bpf_usdt_specs.  The struct has two layouts, which nothing but the map's
 * value size tells apart; one written for the other is accepted by the kernel
 * and delivers garbage.
 *
 * What cannot be fetched gets an argument type that the header does not know,
 * so that bpf_usdt_arg() returns -EINVAL for this argument and no other.
 *
 * Locking: none is needed; nothing here keeps state or allocates.
 */
#ifndef USDT_USDT_SPEC_H
#define USDT_USDT_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "fail.h"
#include "usdt/args.h"

enum {
	SPEC_ARGS = 12, /* BPF_USDT_MAX_ARG_CNT */
	SPEC_SIZE_OLD = 208, /* usdt.bpf.h up to libbpf 1.6 */
	SPEC_SIZE_INDEX = 304, /* from 1.7: base + index * scale */
	SPEC_UNAVAILABLE = 255, /* no enum __bpf_usdt_arg_type of either */
};

/* Where a probe is: what turns a symbol's address into an argument's. */
struct spec_site {
	uint16_t machine; /* e_machine */
	uint16_t type; /* e_type: ET_EXEC has its addresses fixed */
	int class;
	uint64_t ip; /* address, by the ELF file, of the instruction probed */
	/*
	 * The address of a symbol by the ELF file.  -ENOENT, or -ENOTUNIQ when
	 * several have the name.  NULL knows none.
	 */
	int (*find)(void *ctx, const char *name, size_t length,
		    uint64_t *address);
	void *ctx;
};

struct usdt_spec { /* a map value; all bytes are defined */
	uint32_t size; /* SPEC_SIZE_OLD or SPEC_SIZE_INDEX */
	uint8_t bytes[SPEC_SIZE_INDEX] __attribute__((aligned(8)));
};

/* ENOTSUP, with a sentence, when no layout has that size. */
int spec_check_size(uint32_t value_size, struct err *e);

/* Programs of the file run on this machine, with registers we know. */
bool spec_native(uint16_t machine, int class, int order);

/*
 * The value for a note's arguments.  size is one of the two; cookie is the
 * user's own, for bpf_usdt_cookie().  Returns how many arguments the note has:
 * those after the twelfth are not in the spec.  No spec is all zeros.
 */
size_t spec_encode(const struct spec_site *site, uint32_t size,
		   const char *args, uint64_t cookie, struct usdt_spec *spec);

/*
 * Makes the argument unavailable, with the reason, when a program cannot fetch
 * it at this site.  number counts from 0.
 */
void spec_check_arg(const struct spec_site *site, uint32_t size, size_t number,
		    struct usdt_arg *arg);

/* "arg1: s32 at rbp-1204", separated; what spec_encode() made of each. */
void spec_show(const struct spec_site *site, uint32_t size, const char *args,
	       const char *separator, FILE *out);

/* The user's cookie that is in it. */
uint64_t spec_cookie(const struct usdt_spec *spec);

/* Equal specs can share one id of a map. */
bool spec_equal(const struct usdt_spec *a, const struct usdt_spec *b);
uint64_t spec_hash(const struct usdt_spec *spec);

#endif
