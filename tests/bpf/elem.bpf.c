// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * elem.bpf.c - iterators of the elements of a map.  bpftool loads all of an object
 * and pins the first.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	void *map;
	void *key;
	void *value;
};

#pragma clang attribute pop

SEC("iter/bpf_map_elem")
int elem_all(struct bpf_iter__bpf_map_elem *ctx)
{
	__u32 *key = ctx->key, *value = ctx->value;

	if (key && value)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%u: %u\n", *key, *value);
	return 0;
}

/* Reads more than an element of 32 bits has. */
SEC("iter/bpf_map_elem")
int elem_wide(struct bpf_iter__bpf_map_elem *ctx)
{
	__u64 *value = ctx->value;

	if (value)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%llu\n", *value);
	return 0;
}

char elem_license[] SEC("license") = "Dual BSD/GPL";
