// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* core_module.bpf.c - a program that asks what types of a module there are. */
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

/* Of overlay, since 3.18; the kernel's is larger. */
struct ovl_fs {
	unsigned int numlayer;
} __attribute__((preserve_access_index));

int module_type = 7, kernel_type = 7;

struct task_struct {
	int pid;
} __attribute__((preserve_access_index));

SEC("raw_tp/sys_enter")
int core_module(void *ctx)
{
	(void)ctx;
	module_type = bpf_core_type_exists(struct ovl_fs);
	kernel_type = bpf_core_type_exists(struct task_struct);
	return 0;
}

char core_license[] SEC("license") = "GPL";
