// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * slow.bpf.c - programs of 900,000 instructions, through each of which the
 * verifier goes one by one: half a minute and more for the forty.
 *
 * Nothing is left for later in a loop whose end is known: the verifier's stack
 * of branches to be followed stays empty.  Where that overflows, Linux 6.18
 * dereferences NULL (maybe_fork_scalars() of kernel/bpf/verifier.c).
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum { ROUNDS = 100000 }; /* of nine instructions */

#define SLOW(n)                                                \
	SEC("socket")                                          \
	int slow_##n(void *ctx)                                \
	{                                                      \
		unsigned int i, sum = 0x##n;                   \
                                                               \
		(void)ctx;                                     \
		for (i = 0; i < ROUNDS; i++)                   \
			sum = sum * 3 + bpf_get_prandom_u32(); \
		return (int)sum;                               \
	}

/* clang-format off */
#define TEN(n)                                               \
	SLOW(n##0) SLOW(n##1) SLOW(n##2) SLOW(n##3) SLOW(n##4) \
	SLOW(n##5) SLOW(n##6) SLOW(n##7) SLOW(n##8) SLOW(n##9)

TEN(0) TEN(1) TEN(2) TEN(3)
	/* clang-format on */

	char slow_license[] SEC("license") = "GPL";
