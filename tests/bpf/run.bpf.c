// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * run.bpf.c - programs whose result tells what they were run on, one for each
 * type that the kernel runs for a test.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* The frame with its first byte added to its last, and four bytes more. */
SEC("xdp")
int run_xdp(struct xdp_md *ctx)
{
	unsigned char *data = (unsigned char *)(long)ctx->data;
	unsigned char *end = (unsigned char *)(long)ctx->data_end;

	if (data + 14 > end)
		return XDP_ABORTED;
	data[13] += data[0];
	return bpf_xdp_adjust_tail(ctx, 4) ? XDP_DROP : XDP_TX;
}

SEC("tc")
int run_tc(struct __sk_buff *skb)
{
	__u8 byte = 0xee;

	bpf_skb_store_bytes(skb, 13, &byte, 1, 0);
	skb->mark += 5;
	return (int)skb->len;
}

SEC("cgroup_skb/egress")
int run_cgroup_skb(struct __sk_buff *skb)
{
	return skb->mark == 6;
}

SEC("flow_dissector")
int run_dissector(struct __sk_buff *skb)
{
	skb->flow_keys->thoff = 0x1234;
	return BPF_OK;
}

SEC("sk_lookup")
int run_lookup(struct bpf_sk_lookup *ctx)
{
	return ctx->local_port == 80 ? SK_DROP : SK_PASS;
}

SEC("raw_tp")
int run_raw(struct bpf_raw_tracepoint_args *ctx)
{
	return (int)(ctx->args[0] + ctx->args[1]) +
	       1000 * (int)bpf_get_smp_processor_id();
}

struct numbers {
	__u64 in, out;
};

SEC("syscall")
int run_syscall(struct numbers *numbers)
{
	numbers->out = 2 * numbers->in;
	return 3;
}

/* How many descriptors it could close of the process that it runs in. */
SEC("syscall")
int run_close(struct numbers *numbers)
{
	int fd, closed = 0;

	for (fd = 0; fd < 64; fd++)
		closed += !bpf_sys_close(fd);
	numbers->out = closed;
	return closed;
}

SEC("kprobe/none")
int run_kprobe(void *ctx)
{
	(void)ctx;
	return 0;
}

/* Of a function of the kernel's own tests. */
SEC("fentry/bpf_fentry_test1")
int run_fentry(__u64 *ctx)
{
	(void)ctx;
	return 0;
}

char run_license[] SEC("license") = "GPL";
