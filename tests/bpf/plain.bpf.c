// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* plain.bpf.c - counts exactly, and loads on every kernel. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

static __always_inline int count(void)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&hits, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
	return 0;
}

SEC("kprobe")
int plain(void *ctx)
{
	(void)ctx;
	return count();
}

SEC("tracepoint")
int plain_tp(void *ctx)
{
	(void)ctx;
	return count();
}

char plain_license[] SEC("license") = "Dual BSD/GPL";
