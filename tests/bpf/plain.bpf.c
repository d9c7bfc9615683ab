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

/* Those on the second CPU. */
SEC("perf_event")
int plain_second(void *ctx)
{
	(void)ctx;
	return bpf_get_smp_processor_id() == 1 ? count(0) : 0;
}

char plain_license[] SEC("license") = "Dual BSD/GPL";
