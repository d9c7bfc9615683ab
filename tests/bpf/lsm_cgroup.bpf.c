// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* lsm_cgroup.bpf.c - programs that count what is asked of LSM hooks. */
#include "tests/bpf/hits.h"

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
