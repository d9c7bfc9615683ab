// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * fentry.bpf.c - programs on functions: of the kernel, those that only `kcall`
 * has it call; of a program, `fentry_part`.  They count and keep the last cookie.
 */
#include "tests/bpf/hits.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} cookies SEC(".maps");

SEC("fentry/__x64_sys_sched_rr_get_interval")
int fentry_own(void *ctx)
{
	(void)ctx;
	return count(0);
}

SEC("fentry/__x64_sys_sched_rr_get_interval")
int fentry_cookie(void *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u32 zero = 0;

	bpf_map_update_elem(&cookies, &zero, &cookie, BPF_ANY);
	return count(0);
}

SEC("fexit/__x64_sys_sched_rr_get_interval")
int fentry_exit(void *ctx)
{
	(void)ctx;
	return count(0);
}

/* The system call fails with EPERM. */
SEC("fmod_ret/security_task_getscheduler")
int fentry_deny(void *ctx)
{
	(void)ctx;
	return count(-1);
}

SEC("lsm/task_getscheduler")
int fentry_lsm(void *ctx)
{
	(void)ctx;
	return count(-1);
}

/* A result that the compiler cannot foresee. */
static __always_inline int result(int value)
{
	asm volatile("" : "+r"(value));
	return value;
}

__attribute__((noinline)) int fentry_part(struct xdp_md *xdp)
{
	(void)xdp;
	return result(XDP_DROP);
}

SEC("xdp")
int fentry_whole(struct xdp_md *xdp)
{
	return fentry_part(xdp);
}

/* What the next ones are for, the tests say. */

SEC("freplace")
int fentry_pass(struct xdp_md *xdp)
{
	(void)xdp;
	return result(XDP_PASS);
}

SEC("freplace")
int fentry_tx(struct xdp_md *xdp)
{
	(void)xdp;
	return result(XDP_TX);
}

SEC("fentry")
int fentry_within(void *ctx)
{
	(void)ctx;
	return count(0);
}

/* For any functions: no section of libbpf's is that. */

SEC("any")
int fentry_any(void *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u32 zero = 0;

	bpf_map_update_elem(&cookies, &zero, &cookie, BPF_ANY);
	return count(0);
}

char fentry_license[] SEC("license") = "GPL";
