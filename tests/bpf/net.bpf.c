// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* net.bpf.c - counts packets exactly, and lets them pass: a program a hook. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

static __always_inline int count(int result)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&hits, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
	return result;
}

SEC("tc")
int net_tcx(void *ctx)
{
	(void)ctx;
	return count(-1);
}

SEC("xdp")
int net_xdp(void *ctx)
{
	(void)ctx;
	return count(XDP_PASS);
}

SEC("sk_lookup")
int net_lookup(void *ctx)
{
	(void)ctx;
	return count(SK_PASS);
}

SEC("flow_dissector")
int net_dissector(void *ctx)
{
	(void)ctx;
	return count(129);
}

/* libbpf 1.1 knows no section of netfilter. */
SEC("tc")
int net_filter(void *ctx)
{
	(void)ctx;
	return count(1);
}

char net_license[] SEC("license") = "Dual BSD/GPL";
