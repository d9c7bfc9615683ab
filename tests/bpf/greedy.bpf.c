// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* greedy.bpf.c - reads far past the fields of any tracepoint. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tracepoint")
int greedy(const __u64 *ctx)
{
	return ctx[900] ? 0 : 1;
}

char greedy_license[] SEC("license") = "Dual BSD/GPL";
