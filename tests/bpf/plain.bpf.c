// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* plain.bpf.c - counts exactly, and loads on every kernel. */
#include "tests/bpf/hits.h"

SEC("kprobe")
int plain(void *ctx)
{
	(void)ctx;
	return count(0);
}

SEC("tracepoint")
int plain_tp(void *ctx)
{
	(void)ctx;
	return count(0);
}

char plain_license[] SEC("license") = "Dual BSD/GPL";
