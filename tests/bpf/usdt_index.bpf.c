// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * usdt_index.bpf.c - reads arguments by the layout that libbpf's header has
 * since 1.7, in which an argument may have a base and an index.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include "tests/bpf/usdt_values.h"

enum { CONSTANT, REGISTER, MEMORY, INDEXED };

struct argument {
	__u64 number;
	__u8 type, gap;
	__u16 index; /* of pt_regs, 12 bits, and above it 4 of the shift */
	__u8 reserved, gap2;
	__s16 base; /* of pt_regs */
	__u8 is_signed;
	__s8 unused_bits;
	__u8 tail[6];
};

struct specification {
	struct argument argument[USDT_ARGS];
	__u64 cookie;
	__s16 count;
};

_Static_assert(sizeof(struct specification) == 304, "layout");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, struct specification);
} __bpf_usdt_specs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, USDT_COOKIES);
	__type(key, __u32);
	__type(value, struct usdt_values);
} values SEC(".maps");

static __always_inline __u64 reg(void *ctx, int offset)
{
	__u64 value = 0;

	bpf_probe_read_kernel(&value, sizeof(value), ctx + offset);
	return value;
}

static __always_inline int fetch(void *ctx, const struct argument *a,
				 __u64 *value)
{
	__u64 address = reg(ctx, a->base) + a->number;

	switch (a->type) {
	case CONSTANT:
		*value = a->number;
		return 0;
	case REGISTER:
		*value = reg(ctx, a->base);
		return 0;
	case INDEXED:
		address += reg(ctx, a->index & 0xfff) << (a->index >> 12);
		/* fall through */
	case MEMORY:
		return bpf_probe_read_user(value, sizeof(*value),
					   (void *)address);
	}
	return -EINVAL;
}

/* Takes away the bits that are not the argument's. */
static __always_inline __u64 narrow(const struct argument *a, __u64 value)
{
	value <<= a->unused_bits & 63;
	if (a->is_signed)
		return (__u64)((__s64)value >> (a->unused_bits & 63));
	return value >> (a->unused_bits & 63);
}

SEC("kprobe")
int usdt_index(void *ctx)
{
	__u32 id = bpf_get_attach_cookie(ctx), key, i;
	struct specification *spec;
	struct usdt_values *seen;
	__u64 value;

	spec = bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
	if (!spec)
		return 0;
	key = spec->cookie < USDT_COOKIES ? spec->cookie : USDT_COOKIES - 1;
	seen = bpf_map_lookup_elem(&values, &key);
	if (!seen)
		return 0;
	__sync_fetch_and_add(&seen->hits, 1);
	seen->count = spec->count;
#pragma unroll
	for (i = 0; i < USDT_ARGS; i++) {
		value = 0;
		seen->error[i] = fetch(ctx, &spec->argument[i], &value);
		seen->value[i] = narrow(&spec->argument[i], value);
	}
	return 0;
}

char usdt_index_license[] SEC("license") = "Dual BSD/GPL";
