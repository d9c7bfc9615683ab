/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * multi.h - one link on several functions (7.2): fentry, fexit, fsession.
 *
 * Its program is verified for no function, so it asks for the arguments by
 * helpers; it is of one BTF object, vmlinux's or a module's.
 */
#ifndef ATTACH_KIND_CODE_MULTI_H
#define ATTACH_KIND_CODE_MULTI_H

#include "attach/kernel/link/link_info.h"
#include "attach/kind/target.h"

/* The attach type of such programs for a kind's own; 0: there is none. */
uint32_t code_multi_type(uint32_t attach_type);

/*
 * Adds the sites of "[MODULE:]PATTERN", without a module those of the kernel
 * proper, that ftrace knows and trampolines can call programs for.
 */
int code_multi_find(struct target *target, const char *symbol, struct err *e);

/*
 * A link of the program on all sites.  Where the kernel refuses it for some of a
 * pattern, those are left out.  A descriptor, or -errno without a sentence.
 */
int code_multi_link(struct target *target, int prog_fd);

/* The link is on all sites, and on no other; where not told, it is believed. */
bool code_multi_matches(const struct target *target,
			const struct link_info *info);

/* The sites get the cookies that the kernel tells. */
void code_multi_adopt(struct target *target, const struct link_info *info);

#endif
