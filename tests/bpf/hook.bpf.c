// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* hook.bpf.c - programs that let everything pass and count it, on hooks. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

static __always_inline void count(void)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&hits, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	(void)skb;
	count();
	return 1;
}

SEC("xdp")
int pass(struct xdp_md *xdp)
{
	(void)xdp;
	count();
	return XDP_PASS;
}

char hook_license[] SEC("license") = "Dual BSD/GPL";
