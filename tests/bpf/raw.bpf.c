// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * raw.bpf.c - programs on raw tracepoints: of the system call that only `kcall`
 * makes they count hits and keep the last cookie.
 */
#include <linux/bpf.h>
#include <asm/unistd.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} cookies SEC(".maps");

static __always_inline int count(long number)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&hits, &zero);

	if (value && number == __NR_sched_rr_get_interval)
		__sync_fetch_and_add(value, 1);
	return 0;
}

/* sys_enter has the registers and the number. */
SEC("raw_tp")
int raw(struct bpf_raw_tracepoint_args *ctx)
{
	return count((long)ctx->args[1]);
}

/* More arguments than sys_enter has. */
SEC("raw_tp")
int raw_greedy(struct bpf_raw_tracepoint_args *ctx)
{
	return count((long)ctx->args[11]);
}

SEC("raw_tp.w")
int raw_writable(struct bpf_raw_tracepoint_args *ctx)
{
	*(volatile __u32 *)ctx->args[0] = 0;
	return 0;
}

SEC("raw_tp")
int raw_cookie(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u32 zero = 0;

	if (ctx->args[1] == __NR_sched_rr_get_interval)
		bpf_map_update_elem(&cookies, &zero, &cookie, BPF_ANY);
	return count((long)ctx->args[1]);
}

SEC("tp_btf/sys_enter")
int raw_btf(__u64 *ctx)
{
	return count((long)ctx[1]);
}

char raw_license[] SEC("license") = "Dual BSD/GPL";
