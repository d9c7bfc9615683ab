// SPDX-License-Identifier: BSD-2-Clause
/* maps.bpf.c - a map of each type with pairs, for unit/map and map_files.bats. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum state { IDLE, BUSY = 3 };

struct record {
	__u32 count;
	char name[8];
	enum state state;
};

struct prefix {
	__u32 length;
	__u8 address[4];
};

#define MAP(name_, type_, key_, value_, max_) \
	struct {                              \
		__uint(type, type_);          \
		__uint(max_entries, max_);    \
		__type(key, key_);            \
		__type(value, value_);        \
	} name_ SEC(".maps")

#define PLAIN(name_, type_, key_, value_, max_) \
	struct {                                \
		__uint(type, type_);            \
		__uint(max_entries, max_);      \
		__uint(key_size, key_);         \
		__uint(value_size, value_);     \
	} name_ SEC(".maps")

typedef char word[8];

MAP(words, BPF_MAP_TYPE_HASH, word, __u64, 2);
MAP(records, BPF_MAP_TYPE_ARRAY, __u32, struct record, 2);
MAP(recent, BPF_MAP_TYPE_LRU_HASH, __u32, struct record, 64);
MAP(cpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u32, 2);
MAP(cpu_hash, BPF_MAP_TYPE_PERCPU_HASH, __u32, struct record, 2);
PLAIN(bytes, BPF_MAP_TYPE_HASH, 2, 3, 2);
PLAIN(slots, BPF_MAP_TYPE_ARRAY, 4, 2, 2);
PLAIN(events, BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 2);
PLAIN(cgroups, BPF_MAP_TYPE_CGROUP_ARRAY, 4, 4, 2);
PLAIN(programs, BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 3);
PLAIN(devices, BPF_MAP_TYPE_DEVMAP, 4, 4, 2);
PLAIN(cpus, BPF_MAP_TYPE_CPUMAP, 4, 8, 2);
PLAIN(sockets, BPF_MAP_TYPE_SOCKMAP, 4, 8, 2);
PLAIN(queue, BPF_MAP_TYPE_QUEUE, 0, 4, 2);
PLAIN(stack, BPF_MAP_TYPE_STACK, 0, 4, 2);

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 4);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct prefix);
	__type(value, __u32);
} prefixes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 100000);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u64);
} many SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} inner SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 2);
	__type(key, __u32);
	__array(values, struct inner);
} inners SEC(".maps");

int hits;
int tail_hits;
const volatile int limit = 100;

SEC("socket")
int maps_tail(struct __sk_buff *skb)
{
	(void)skb;
	__sync_fetch_and_add(&tail_hits, 1);
	return 7;
}

SEC("socket")
int maps_main(struct __sk_buff *skb)
{
	__u32 zero = 0;
	__u32 *found = bpf_map_lookup_elem(&inners, &zero);

	__sync_fetch_and_add(&hits, limit);
	if (found)
		found = bpf_map_lookup_elem(found, &zero);
	if (found)
		*found += 1;
	bpf_tail_call(skb, &programs, 1);
	return 3;
}

char _license[] SEC("license") = "GPL";
