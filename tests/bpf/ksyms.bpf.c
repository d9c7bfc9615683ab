// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * ksyms.bpf.c - addresses of the kernel, which a program asks for by name; they
 * are copied to where they can be read.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern const void vfs_read __ksym;
extern const void vfs_write __ksym;
extern const void probefs_no_such_symbol __ksym __weak;

__u64 read_address, write_address, no_address = 7;

SEC("socket")
int ksyms(void *ctx)
{
	(void)ctx;
	read_address = (__u64)&vfs_read;
	write_address = (__u64)&vfs_write;
	no_address = (__u64)&probefs_no_such_symbol;
	return 0;
}

char ksyms_license[] SEC("license") = "GPL";
