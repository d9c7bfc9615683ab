/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * btf_name.h - the names of what the kernel tells as ids of types in BTF.
 *
 * Reading vmlinux's BTF takes 5 MB and 70 ms, so that is done once: what is kept
 * then is where each 64th type is, 10 KB, and what a name needs is read from
 * the kernel's file.  An object of another sort is read for each name.
 */
#ifndef ATTACH_KERNEL_BTF_NAME_H
#define ATTACH_KERNEL_BTF_NAME_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "attach/kernel/btf.h"

struct btf_name {
	unsigned int kind; /* BTF_KIND_... */
	bool kernel; /* of vmlinux or of a module */
	char module[BTF_OBJECT_NAME]; /* "" for none */
	char text[BTF_NAME];
};

/*
 * The type of that id in the BTF object obj_id.  ENOENT: there is none; EPERM:
 * objects by id need CAP_SYS_ADMIN.
 */
int btf_name_get(uint32_t obj_id, uint32_t id, struct btf_name *name);

/*
 * A line on what a program was loaded for, by what the kernel told of it:
 * `function`, `hook` (lsm), `tp_name` or `struct`; of a BPF program's function
 * `program_function`.  No line when that cannot be known.
 */
void btf_name_show(uint32_t obj_id, uint32_t id, bool lsm, FILE *out);

#endif
