// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* usdt_old.bpf.c - reads arguments as libbpf's own header does. */
#define __TARGET_ARCH_x86
#include <stdbool.h>
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <bpf/usdt.bpf.h>

#include "tests/bpf/usdt_values.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, USDT_COOKIES);
	__type(key, __u32);
	__type(value, struct usdt_values);
} values SEC(".maps");

SEC("kprobe")
int usdt_old(struct pt_regs *ctx)
{
	__u64 cookie = bpf_usdt_cookie(ctx);
	__u32 key = cookie < USDT_COOKIES ? cookie : USDT_COOKIES - 1;
	struct usdt_values *seen = bpf_map_lookup_elem(&values, &key);
	long value;
	int i;

	if (!seen)
		return 0;
	__sync_fetch_and_add(&seen->hits, 1);
	seen->count = bpf_usdt_arg_cnt(ctx);
#pragma unroll
	for (i = 0; i < USDT_ARGS; i++) {
		value = 0;
		seen->error[i] = bpf_usdt_arg(ctx, i, &value);
		seen->value[i] = value;
	}
	return 0;
}

char usdt_old_license[] SEC("license") = "Dual BSD/GPL";
