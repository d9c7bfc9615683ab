/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_info.h - what the kernel says of a BPF link.
 */
#ifndef ATTACH_KERNEL_LINK_LINK_INFO_H
#define ATTACH_KERNEL_LINK_LINK_INFO_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "attach/kernel/abi.h"
#include "attach/kernel/link_names.h"
#include "fail.h"

/*
 * A link's info, decoded.  `has` says which members this kernel reported:
 * perf links are bare before 6.6, cookies come with 6.9 (raw_tracepoint and
 * tracing 6.17), missed with 6.7, ref_ctr with 6.16, uprobe_multi with 6.8.
 * It is seen from the answer itself (link_raw.h), not from a version.
 */
enum link_has {
	LINK_HAS_NAME = 1 << 0,
	LINK_HAS_OFFSET = 1 << 1,
	LINK_HAS_ADDRESS = 1 << 2,
	LINK_HAS_COOKIE = 1 << 3,
	LINK_HAS_MISSED = 1 << 4,
	LINK_HAS_REF_CTR = 1 << 5,
	LINK_HAS_SITES = 1 << 6,
	LINK_HAS_RET = 1 << 7,
	LINK_HAS_PID = 1 << 8,
};

struct link_site {
	uint64_t where; /* address, 0 when hidden; offset of the file; BTF id */
	uint64_t ref_ctr;
	uint64_t cookie;
};

struct link_info {
	uint32_t type; /* enum bpf_link_type, as the kernel numbers it */
	uint32_t perf_type; /* enum bpf_perf_event_type, 0 when not told */
	uint32_t id;
	uint32_t prog_id;
	unsigned int has; /* LINK_HAS_... */
	bool ret;
	char name[PATH_MAX]; /* function, file or tracepoint */
	uint64_t offset; /* perf uprobe: the low 32 bits only */
	uint64_t address; /* kprobe; 4 bytes past the symbol with IBT */
	uint64_t missed;
	uint64_t cookie; /* multi links: see the sites */
	uint64_t ref_ctr; /* multi links: see the sites */
	uint32_t pid; /* 0 is every process */
	/* As the kernel answered: for members that only one kind looks at.  Its
	   pointers point nowhere. */
	struct abi_link_info raw;
	size_t nsites; /* multi links */
	struct link_site *sites;
};

/*
 * Asks with full-size buffers in one call, for 6.6 to 6.11 answer a first call
 * without a buffer with the length 0 (fixed by 4deecdd29cf2 in 6.12).
 * fd is of a link.  link_info_clear() whatever is returned.
 */
int link_info_get(int fd, struct link_info *info);
void link_info_clear(struct link_info *info);

/*
 * The name is the path of a probed file: a perf event's file may have been named
 * to the kernel as somebody's descriptor, which tells nothing.
 */
bool link_told_path(const struct link_info *info);

/*
 * The link is there with its program, and on what it was made for: the kernel
 * keeps a link whose device or cgroup has gone.
 */
bool link_alive(int fd);

/* Only the id of fd, a link. */
int link_id(int fd, uint32_t *id);

/* Only the id of the program of fd, a link; 0 when it has none any more. */
int link_prog_id(int fd, uint32_t *id);

/* By its id: a descriptor, or why not. */
int link_open(uint32_t id, struct err *e);

/* key:\tvalue lines, as in fdinfo, for link/ID/info. */
int link_show(uint32_t id, FILE *out, struct err *e);

#endif
