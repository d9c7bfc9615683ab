// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * core.bpf.c - a program that is relocated to the types of the kernel.  The
 * structs have what is used of them, in another order.
 */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define KERNELS __attribute__((preserve_access_index))

struct task_struct {
	char comm[16];
	int tgid;
	int pid;
	struct task_struct *group_leader;
} KERNELS;

struct task_struct___new {
	int probefs_no_such_member;
} KERNELS;

enum bpf_map_type___kernels {
	BPF_MAP_TYPE_RINGBUF___kernels = 1,
	BPF_MAP_TYPE_PROBEFS___kernels = 2,
};

int pid_offset, comm_size, has_member = 7, ringbuf, has_value = 7;
int pid, leader;

SEC("raw_tp/sys_enter")
int core(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	(void)ctx;
	pid_offset = bpf_core_field_offset(struct task_struct, pid);
	comm_size = bpf_core_field_size(struct task_struct, comm);
	has_member = bpf_core_field_exists(struct task_struct___new,
					   probefs_no_such_member);
	ringbuf = (int)bpf_core_enum_value(enum bpf_map_type___kernels,
					   BPF_MAP_TYPE_RINGBUF___kernels);
	has_value = bpf_core_enum_value_exists(enum bpf_map_type___kernels,
					       BPF_MAP_TYPE_PROBEFS___kernels);
	pid = BPF_CORE_READ(task, pid);
	leader = BPF_CORE_READ(task, group_leader, tgid);
	return 0;
}

char core_license[] SEC("license") = "GPL";
