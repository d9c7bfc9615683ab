// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * kconfig.bpf.c - what a program asks of the kernel's configuration; the values
 * are copied to where they can be read.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int LINUX_KERNEL_VERSION __kconfig;
extern enum libbpf_tristate CONFIG_BPF_SYSCALL __kconfig;
extern int CONFIG_HZ __kconfig;
extern char CONFIG_DEFAULT_HOSTNAME[16] __kconfig;
extern int CONFIG_PROBEFS_HAS_NO_SUCH __kconfig __weak;

int version, bpf_syscall, hz, no_such = 7;
char hostname[16];

SEC("socket")
int kconfig(void *ctx)
{
	unsigned int i;

	(void)ctx;
	version = LINUX_KERNEL_VERSION;
	bpf_syscall = CONFIG_BPF_SYSCALL;
	hz = CONFIG_HZ;
	no_such = CONFIG_PROBEFS_HAS_NO_SUCH;
	for (i = 0; i < sizeof(hostname); i++)
		hostname[i] = CONFIG_DEFAULT_HOSTNAME[i];
	return 0;
}

char kconfig_license[] SEC("license") = "GPL";
