// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* core_missing.bpf.c - a program that no kernel's types fit. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

struct task_struct {
	int probefs_no_such_member;
} __attribute__((preserve_access_index));

SEC("raw_tp/sys_enter")
int core_missing(void *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	(void)ctx;
	return BPF_CORE_READ(task, probefs_no_such_member);
}

char core_missing_license[] SEC("license") = "GPL";
