// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * count.bpf.c - the built-in program count: how often, on which CPU.
 *
 * It looks at nothing, so the same instructions do as a program of any type;
 * the loader sets which.  The names are how builtin.c knows it again: at most
 * fifteen bytes, the kernel keeps no more.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} probefs_hits SEC(".maps");

/* The loader sets it: what of all results changes nothing. */
const volatile int probefs_neutral = 0;

SEC("probefs")
int probefs_count(void *ctx)
{
	__u32 key = 0;
	__u64 *hits = bpf_map_lookup_elem(&probefs_hits, &key);

	(void)ctx;
	if (hits)
		(*hits)++;
	return probefs_neutral;
}

char count_license[] SEC("license") = "Dual BSD/GPL";
