// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * cc.bpf.c - a congestion control for TCP, thrice: for links of struct_ops.
 *
 * Two of the maps are of the same name to TCP, so that one can take the place of
 * the other.  libbpf finds the members in the kernel's struct by their names.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct sock;

struct tcp_congestion_ops {
	__u32 (*ssthresh)(struct sock *sk);
	__u32 (*undo_cwnd)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, __u32 ack, __u32 acked);
	char name[16];
};

SEC("struct_ops/ssthresh")
__u32 cc_ssthresh(__u64 *ctx)
{
	(void)ctx;
	return 2;
}

SEC("struct_ops/undo_cwnd")
__u32 cc_undo_cwnd(__u64 *ctx)
{
	(void)ctx;
	return 2;
}

SEC("struct_ops/cong_avoid")
void cc_cong_avoid(__u64 *ctx)
{
	(void)ctx;
}

#define CC(called)                                                   \
	{                                                            \
		.ssthresh = (void *)cc_ssthresh,                     \
		.undo_cwnd = (void *)cc_undo_cwnd,                   \
		.cong_avoid = (void *)cc_cong_avoid, .name = called, \
	}

SEC(".struct_ops")
struct tcp_congestion_ops cc_one = CC("probefs_cc");

SEC(".struct_ops")
struct tcp_congestion_ops cc_two = CC("probefs_cc");

SEC(".struct_ops")
struct tcp_congestion_ops cc_other = CC("probefs_other");

char cc_license[] SEC("license") = "GPL";
