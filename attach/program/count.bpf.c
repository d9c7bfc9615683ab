// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * count.bpf.c - the built-in program count: how often, on which CPU.
 *
 * It looks at nothing, so the same instructions do as a program of any type;
 * the loader sets which.  The names are how builtin.c knows it again: at most
 * fifteen bytes, the kernel keeps no more.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} probefs_hits SEC(".maps");

/*
 * What the loader sets: which of all results changes nothing, and whether the
 * context is an option of a socket.  The verifier takes them for constants.
 */
const volatile struct {
	int neutral;
	int sockopt;
} probefs_as = { 0 };

/*
 * Of an option of more than a page a program sees a page; a length that is left
 * above that is EFAULT for the process that asks, and 0 leaves all of it as it
 * is (Linux 5.8, d8fe449a9c51).
 */
static __always_inline void leave_option(struct bpf_sockopt *option)
{
	if (option->optlen > 4096)
		option->optlen = 0;
}

SEC("probefs")
int probefs_count(void *ctx)
{
	__u32 key = 0;
	__u64 *hits = bpf_map_lookup_elem(&probefs_hits, &key);

	if (hits)
		(*hits)++;
	if (probefs_as.sockopt)
		leave_option(ctx);
	return probefs_as.neutral;
}

char count_license[] SEC("license") = "Dual BSD/GPL";
