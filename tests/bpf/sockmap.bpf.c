// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* sockmap.bpf.c - a map of sockets, and programs that let everything pass. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32);
} hashed SEC(".maps");

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

SEC("sk_skb/stream_parser")
int sockmap_parser(struct __sk_buff *skb)
{
	count();
	return (int)skb->len;
}

SEC("sk_msg")
int sockmap_msg(void *ctx)
{
	(void)ctx;
	count();
	return SK_PASS;
}

char sockmap_license[] SEC("license") = "Dual BSD/GPL";
