// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * sections_code.bpf.c - a program of each section with a target in BTF, which
 * libbpf 1.1 knows, Linux 5.10 loads, and a kernel without trampolines does not.
 */
#include "tests/bpf/sections.h"

PROGRAM("tp_btf/sched_switch", tp_btf, 0)
PROGRAM("fentry/vfs_read", fentry, 0)
PROGRAM("fexit/vfs_read", fexit, 0)
PROGRAM("fmod_ret/security_file_open", fmod_ret, 0)
PROGRAM("lsm/file_open", lsm, 0)
PROGRAM("iter/task", iter, 0)

char sections_code_license[] SEC("license") = "GPL";
