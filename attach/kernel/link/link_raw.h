/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_raw.h - asking the kernel about a link, and knowing what it answered.
 *
 * The kernel copies struct bpf_link_info in, fills what it knows and copies it
 * out again (bpf_link_get_info_by_fd()), and it never says which members it
 * knows.  So those that some kernels lack go in as LINK_UNTOLD: what comes back
 * unchanged was not reported, and a zero is a true zero.
 */
#ifndef ATTACH_KERNEL_LINK_LINK_RAW_H
#define ATTACH_KERNEL_LINK_LINK_RAW_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "attach/kernel/abi.h"
#include "attach/kernel/link/link_info.h"

/* Anything that no cookie, counter or offset is likely to be. */
#define LINK_UNTOLD 0xfacade0fdecaf0edULL

struct link_raw {
	struct abi_link_info info;
	uint32_t size; /* bytes of info that this kernel knows */
	bool on_program; /* link_on_program(): the asker fills it in */
	char name[PATH_MAX]; /* "" when not told */
	size_t nsites; /* of each array; 0 when not told */
	uint64_t *where; /* owns all three */
	uint64_t *ref_ctrs;
	uint64_t *cookies;
	char *names; /* of the sites, a string each; NULL: none.  Owned */
};

/*
 * fd is of a link: anything else would be answered too, with other things.
 * link_raw_clear() whatever is returned.
 */
int link_raw_get(int fd, struct link_raw *raw);
void link_raw_clear(struct link_raw *raw);

/* Room for the sites, all untold. */
int link_raw_alloc(struct link_raw *raw, size_t nsites);

/* The kernel reported the member of 64 bits at that offset of raw->info. */
bool link_raw_told(const struct link_raw *raw, size_t offset);
/* It reported some of these, one a site. */
bool link_raw_told_sites(const struct link_raw *raw, const uint64_t *values);

/*
 * The lines of link_show() that depend on the link's type; without names the
 * kernel is not asked about anything else than the link.
 */
void link_raw_show(const struct link_raw *raw, bool names, FILE *out);

/* Pure; info is zeroed.  ENOMEM only. */
int link_raw_decode(const struct link_raw *raw, struct link_info *info);

#endif
