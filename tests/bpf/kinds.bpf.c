// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* kinds.bpf.c - a map of each type that Linux 5.10 has. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define KIND(which, kind, keys, values, count)     \
	struct {                                   \
		__uint(type, BPF_MAP_TYPE_##kind); \
		__uint(key_size, keys);            \
		__uint(value_size, values);        \
		__uint(max_entries, count);        \
	} which SEC(".maps")

KIND(hash, HASH, 4, 8, 4);
KIND(array, ARRAY, 4, 8, 4);
KIND(percpu_hash, PERCPU_HASH, 4, 8, 4);
KIND(percpu_array, PERCPU_ARRAY, 4, 8, 4);
KIND(lru_hash, LRU_HASH, 4, 8, 4);
KIND(lru_percpu_hash, LRU_PERCPU_HASH, 4, 8, 4);
KIND(stack_trace, STACK_TRACE, 4, 8 * 16, 4);
KIND(prog_array, PROG_ARRAY, 4, 4, 4);
KIND(perf_events, PERF_EVENT_ARRAY, 4, 4, 0);
KIND(cgroup_array, CGROUP_ARRAY, 4, 4, 4);
KIND(devmap, DEVMAP, 4, 8, 4);
KIND(devmap_hash, DEVMAP_HASH, 4, 8, 4);
KIND(cpumap, CPUMAP, 4, 8, 4);
KIND(xskmap, XSKMAP, 4, 4, 4);
KIND(sockmap, SOCKMAP, 4, 4, 4);
KIND(sockhash, SOCKHASH, 4, 8, 4);
KIND(reuseport, REUSEPORT_SOCKARRAY, 4, 8, 4);
KIND(queue, QUEUE, 0, 8, 4);
KIND(stack, STACK, 0, 8, 4);
KIND(ringbuf, RINGBUF, 0, 0, 4096);

struct prefix {
	__u32 bits;
	__u8 address[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 4);
	__type(key, struct prefix);
	__type(value, __u64);
} lpm_trie SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, __u64);
} sk_storage SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_STORAGE);
	__type(key, struct bpf_cgroup_storage_key);
	__type(value, __u64);
} cgroup_storage SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} inner SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} array_of_maps SEC(".maps") = {
	.values = { [1] = &inner },
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, __u32);
	__array(values, struct inner);
} hash_of_maps SEC(".maps");

SEC("socket")
int kinds(void *ctx)
{
	(void)ctx;
	return 0;
}

char kinds_license[] SEC("license") = "GPL";
