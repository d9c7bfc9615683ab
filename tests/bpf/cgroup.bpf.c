// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* cgroup.bpf.c - programs that let everything pass and count it, in a cgroup. */
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
	return 1;
}

SEC("cgroup_skb/egress")
int cgroup_egress(void *ctx)
{
	(void)ctx;
	return count();
}

SEC("cgroup/sendmsg4")
int cgroup_sendmsg4(void *ctx)
{
	(void)ctx;
	return count();
}

SEC("cgroup/sendmsg6")
int cgroup_sendmsg6(void *ctx)
{
	(void)ctx;
	return count();
}

char cgroup_license[] SEC("license") = "Dual BSD/GPL";
