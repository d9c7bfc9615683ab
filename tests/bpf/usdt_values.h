/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* usdt_values.h - what usdt*.bpf.c keep of hits, by cookie. */
#ifndef USDT_VALUES_H
#define USDT_VALUES_H

#include <linux/types.h>

enum {
	USDT_ARGS = 12,
	USDT_COOKIES = 64, /* cookies above count for the last */
};

struct usdt_values {
	__u64 hits;
	__s64 count; /* of arguments, as of the others, of the last hit */
	__s64 error[USDT_ARGS];
	__s64 value[USDT_ARGS];
};

#endif
