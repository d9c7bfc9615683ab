/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jail.h - how the loader gives up all that it needs no more, in its own
 * process, which has one thread.
 */
#ifndef ATTACH_PROGRAM_LOADER_JAIL_H
#define ATTACH_PROGRAM_LOADER_JAIL_H

#include "attach/program/object.h"

/* The path in there of the types of another kernel. */
#define JAIL_BTF "/btf"

/*
 * In the root directory of a file system of its own there is then what libbpf
 * reads of the kernel: types, configuration, CPUs, and /proc/kallsyms, empty.
 * btf_fd: -1, or what is JAIL_BTF.  *kallsyms is a descriptor to write it by.
 */
int jail_enter(int btf_fd, int *kallsyms, struct err *e);

/* The bounds of what it may use up. */
int jail_limit(const struct loader_as *as, struct err *e);

/*
 * The ids, the groups, and of the capabilities those that bpf(2) asks for: no
 * call gives it more again.  Ends with the daemon.
 */
int jail_become(const struct loader_as *as, struct err *e);

/* EPERM, by errno: that step of the above was not to be had. */
int jail_fail(const char *step, struct err *e);

/* System calls but those that libbpf makes are EPERM from now on. */
int jail_filter(struct err *e);

#endif
