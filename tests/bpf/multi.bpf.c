// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* multi.bpf.c - for multi links of kprobes; keeps the sum of its cookies. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* [0]: hits; [1]: the sum of the cookies seen. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

static __always_inline void add(__u32 place, __u64 what)
{
	__u64 *value = bpf_map_lookup_elem(&hits, &place);

	if (value)
		__sync_fetch_and_add(value, what);
}

SEC("kprobe.multi")
int multi(void *ctx)
{
	add(0, 1);
	add(1, bpf_get_attach_cookie(ctx));
	return 0;
}

char multi_license[] SEC("license") = "Dual BSD/GPL";
