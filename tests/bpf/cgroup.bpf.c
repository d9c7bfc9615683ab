// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* cgroup.bpf.c - programs that let everything pass and count it, in a cgroup. */
#include "tests/bpf/hits.h"

SEC("cgroup_skb/egress")
int cgroup_egress(void *ctx)
{
	(void)ctx;
	return count(1);
}

SEC("cgroup/sendmsg4")
int cgroup_sendmsg4(void *ctx)
{
	(void)ctx;
	return count(1);
}

SEC("cgroup/sendmsg6")
int cgroup_sendmsg6(void *ctx)
{
	(void)ctx;
	return count(1);
}

SEC("sockops")
int cgroup_sockops(struct bpf_sock_ops *ops)
{
	if (ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB ||
	    ops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		count(1);
	return 1;
}

char cgroup_license[] SEC("license") = "Dual BSD/GPL";
