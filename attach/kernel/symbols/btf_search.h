/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * btf_search.h - where BTF has a function or a tracepoint of that name.
 *
 * A search reads the BTF of vmlinux, and where that has it not, of each module.
 */
#ifndef ATTACH_KERNEL_SYMBOLS_BTF_SEARCH_H
#define ATTACH_KERNEL_SYMBOLS_BTF_SEARCH_H

#include "attach/kernel/btf.h"
#include "fail.h"

/* What is sought. */
struct btf_sought {
	unsigned int kind; /* BTF_KIND_FUNC, BTF_KIND_TYPEDEF */
	const char *prefix; /* of the name in BTF: "bpf_lsm_"; "" */
	const char *noun; /* "function", "LSM hook": for sentences */
};

struct btf_place {
	uint32_t btf_id;
	uint32_t obj_id; /* 0: vmlinux before 5.11, which has none */
	char module[BTF_OBJECT_NAME]; /* "vmlinux" */
};

/*
 * [MODULE:]NAME; without a module vmlinux's, and only where it has none that of
 * a module.  ENOENT: a name that is near may be in the sentence; ENOTUNIQ:
 * several modules have it; EOPNOTSUPP: the kernel has no BTF.
 */
int btf_search(const struct btf_sought *sought, const char *symbol,
	       struct btf_place *place, struct err *e);

/* A function of the BPF program prog_fd, and the id of that. */
int btf_search_program(int prog_fd, const char *function,
		       struct btf_place *place, uint32_t *prog_id,
		       struct err *e);

#endif
