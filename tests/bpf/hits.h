/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* hits.h - a counter that counts exactly, for the programs of the tests. */
#ifndef TESTS_BPF_HITS_H
#define TESTS_BPF_HITS_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

/* Counts, and returns result. */
static __always_inline int count(int result)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&hits, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
	return result;
}

#endif
