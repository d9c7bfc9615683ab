/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_fdinfo.h - what the kernel tells of a link in /proc/self/fdinfo only.
 *
 * Those are the functions of a tracing_multi link: BPF_OBJ_GET_INFO_BY_FD of 7.2
 * has nothing of them (bpf_tracing_multi_show_fdinfo() has).
 */
#ifndef ATTACH_KERNEL_LINK_LINK_FDINFO_H
#define ATTACH_KERNEL_LINK_LINK_FDINFO_H

#include <stdio.h>

#include "attach/kernel/link/link_raw.h"

/*
 * Adds that to what link_raw_get() told of fd; nothing to a link of another type,
 * or without /proc.  ENOMEM, or E2BIG, else 0.
 */
int link_fdinfo_get(int fd, struct link_raw *raw);

/* The same of the text, for the tests. */
int link_fdinfo_parse(FILE *in, struct link_raw *raw);

#endif
