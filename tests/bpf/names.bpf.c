// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* names.bpf.c - programs for functions that have names; they do nothing. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tp_btf/sched_process_hang")
int names_tracepoint(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("iter/task")
int names_iter(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("fentry/bpf_fentry_test1")
int names_fentry(void *ctx)
{
	(void)ctx;
	return 0;
}

SEC("lsm/settime")
int names_lsm(void *ctx)
{
	(void)ctx;
	return 0;
}

/* What the last two are loaded for; clang leaves out a call without a use. */
__attribute__((noinline)) int names_part(struct xdp_md *xdp)
{
	return xdp->ingress_ifindex ? XDP_PASS : XDP_ABORTED;
}

SEC("xdp")
int names_whole(struct xdp_md *xdp)
{
	return names_part(xdp);
}

SEC("freplace")
int names_replacement(struct xdp_md *xdp)
{
	(void)xdp;
	return XDP_PASS;
}

SEC("fentry")
int names_within(void *ctx)
{
	(void)ctx;
	return 0;
}

char names_license[] SEC("license") = "GPL";
