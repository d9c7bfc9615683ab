// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* net.bpf.c - counts packets exactly, and lets them pass: a program a hook. */
#include "tests/bpf/hits.h"

SEC("tc")
int net_tcx(void *ctx)
{
	(void)ctx;
	return count(-1);
}

SEC("xdp")
int net_xdp(void *ctx)
{
	(void)ctx;
	return count(XDP_PASS);
}

SEC("sk_lookup")
int net_lookup(void *ctx)
{
	(void)ctx;
	return count(SK_PASS);
}

SEC("flow_dissector")
int net_dissector(void *ctx)
{
	(void)ctx;
	return count(129);
}

/* libbpf 1.1 knows no section of netfilter. */
SEC("tc")
int net_filter(void *ctx)
{
	(void)ctx;
	return count(1);
}

char net_license[] SEC("license") = "Dual BSD/GPL";
