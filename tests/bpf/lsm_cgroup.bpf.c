// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* lsm_cgroup.bpf.c - programs that count what is asked of LSM hooks. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} hits SEC(".maps");

static __always_inline int count(int result)
{
	__u32 zero = 0;
	__u64 *value = bpf_map_lookup_elem(&hits, &zero);

	if (value)
		__sync_fetch_and_add(value, 1);
	return result;
}

SEC("lsm_cgroup/socket_bind")
int lsm_cgroup_bind(void *ctx)
{
	(void)ctx;
	return count(1);
}

SEC("lsm_cgroup/socket_bind")
int lsm_cgroup_deny(void *ctx)
{
	(void)ctx;
	return count(0);
}

SEC("lsm_cgroup/socket_listen")
int lsm_cgroup_more(void *ctx)
{
	(void)ctx;
	return count(1);
}

SEC("lsm/socket_bind")
int lsm_cgroup_none(void *ctx)
{
	(void)ctx;
	return count(0);
}

char lsm_cgroup_license[] SEC("license") = "Dual BSD/GPL";
