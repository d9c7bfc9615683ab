// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* many.bpf.c - a thousand programs, on_000 to on_999. */
#include "tests/bpf/sections.h"

/* clang-format off */
#define ONE(n) PROGRAM("socket", n, 0x##n)
#define TEN(n)                                               \
	ONE(n##0) ONE(n##1) ONE(n##2) ONE(n##3) ONE(n##4)    \
	ONE(n##5) ONE(n##6) ONE(n##7) ONE(n##8) ONE(n##9)
#define HUNDRED(n)                                           \
	TEN(n##0) TEN(n##1) TEN(n##2) TEN(n##3) TEN(n##4)    \
	TEN(n##5) TEN(n##6) TEN(n##7) TEN(n##8) TEN(n##9)

HUNDRED(0) HUNDRED(1) HUNDRED(2) HUNDRED(3) HUNDRED(4)
HUNDRED(5) HUNDRED(6) HUNDRED(7) HUNDRED(8) HUNDRED(9)
	/* clang-format on */

	char many_license[] SEC("license") = "GPL";
