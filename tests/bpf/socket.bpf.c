// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* socket.bpf.c - a program of a type that no probe takes. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("socket")
int filter(void *ctx)
{
	(void)ctx;
	return 0;
}

char socket_license[] SEC("license") = "Dual BSD/GPL";
