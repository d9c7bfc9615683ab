/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * btf_function.h - functions by their types: those that a trampoline can call
 * programs for.
 */
#ifndef ATTACH_KERNEL_BTF_FUNCTION_H
#define ATTACH_KERNEL_BTF_FUNCTION_H

#include "attach/kernel/btf.h"

/* Where each type is, for many questions: half a megabyte for vmlinux's. */
struct btf_index {
	const struct btf_types *btf; /* with its base; both outlive the index */
	uint32_t
		*at; /* by id: the offset in the types of the one that has it */
};

/* 0 or -ENOMEM. */
int btf_index_make(struct btf_index *index, const struct btf_types *btf);
void btf_index_clear(struct btf_index *index); /* may be called twice */

/*
 * The kernel's trampolines know how to pass the function's arguments and result
 * on: btf_distill_func_proto() of kernel/bpf/btf.c.  It is no promise.
 */
bool btf_function_passes(const struct btf_index *index,
			 const struct btf_entry *function);

#endif
