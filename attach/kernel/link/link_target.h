/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_target.h - what the numbers are the names of, by which the kernel tells
 * what a link is attached to.
 */
#ifndef ATTACH_KERNEL_LINK_LINK_TARGET_H
#define ATTACH_KERNEL_LINK_LINK_TARGET_H

#include <stdbool.h>
#include <stdio.h>

#include "attach/kernel/link/link_members.h"
#include "attach/kernel/link/link_raw.h"
#include "attach/kernel/program.h"

/*
 * target_obj_id is a program's id and not that of a BTF object: the kernel
 * tells both in one place (bpf_trampoline_unpack_key()).  program is the link's.
 */
bool link_on_program(const struct abi_link_info *info,
		     const struct program *program);

/* A line or two, or none when it is not known. */
void link_target_show(enum link_names names, const struct link_raw *raw,
		      FILE *out);

#endif
