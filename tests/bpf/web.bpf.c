// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* web.bpf.c - what the example of the manual on object files copies. */
#include "tests/bpf/hits.h"

const volatile __u32 limit = 1000;

SEC("xdp")
int one(struct xdp_md *packet)
{
	__u32 size = (__u32)(packet->data_end - packet->data);

	count(0);
	return size > limit ? XDP_DROP : XDP_PASS;
}
