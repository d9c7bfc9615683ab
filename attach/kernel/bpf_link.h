/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bpf_link.h - links by bpf(2): made, updated, detached, iterated, asked for.
 *
 * As in bpf.h every function returns a descriptor (close-on-exec, the caller's)
 * or 0, or -errno as the kernel gave it.  None has a name of libbpf's API,
 * which would call it instead of its own.
 */
#ifndef ATTACH_KERNEL_BPF_LINK_H
#define ATTACH_KERNEL_BPF_LINK_H

#include <stddef.h>
#include <stdint.h>

#include "attach/kernel/abi.h"

/* BPF_LINK_CREATE (5.7) as the caller filled it. */
int bpf_link_make(const struct abi_link_create *create);

/*
 * The same (7.2) on functions, by their BTF ids in the object that the program
 * was loaded for.  It takes all or none, and does not say which it does not take:
 * ENOENT, EINVAL; E2BIG when one is full.  cookies may be NULL.
 */
int bpf_link_tracing_multi(int prog_fd, uint32_t attach_type,
			   const uint32_t *ids, const uint64_t *cookies,
			   uint32_t count);

/*
 * The same of a cgroup, on none: EBADF says that the program is for such a hook,
 * EINVAL that it is not.  An update of the link does not look (it compares no more
 * than the types of the programs, __cgroup_bpf_replace() of 6.18).
 */
int bpf_link_try_cgroup(int prog_fd, uint32_t attach_type);

/*
 * Puts program prog_fd in the place of old_fd (BPF_LINK_UPDATE with
 * BPF_F_REPLACE, 5.7).  EPERM: another program is there by now.
 *
 * The two have to be different programs: the caller compares their ids first.
 */
int bpf_link_replace(int link_fd, int prog_fd, int old_fd);

/*
 * The same for a link of a struct_ops map (6.4).  **Updating such a link with
 * the map that it has panics 6.12 and 7.2**: the caller compares the ids first,
 * under a lock that every thread takes that updates the link.
 */
int bpf_link_replace_map(int link_fd, int map_fd, int old_map_fd);

/* BPF_LINK_DETACH (5.9).  EOPNOTSUPP: such links end with their last holder. */
int bpf_link_end(int link_fd);

/*
 * BPF_RAW_TRACEPOINT_OPEN (4.17; a link since 5.5): name is NULL for a program
 * that was loaded for what it is put on.  cookie 0 is not passed on; another
 * one needs Linux 6.10, and is EINVAL before.
 */
int bpf_raw_tp_open(const char *name, int prog_fd, uint64_t cookie);

/* A descriptor to read one run of the iterator link from (5.8). */
int bpf_iter_run(int link_fd);

/*
 * BPF_PROG_QUERY: the programs on a hook in their order, with the revision of
 * that (tcx 6.6, cgroup 6.17).  target: a descriptor or an ifindex.  *count is
 * the room for ids in, and what there is out; ENOSPC when that is more.
 * link_ids may be NULL, and are 0 for what is there without a link.
 */
int bpf_hook_query(uint32_t target, uint32_t attach_type, uint32_t query_flags,
		   uint32_t *prog_ids, uint32_t *link_ids, uint32_t *count,
		   uint64_t *revision);

#endif
