/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * load_target.h - the function, the hook, the tracepoint or the iterator that a
 * program is loaded for, as BPF_PROG_LOAD is told of it.
 */
#ifndef ATTACH_PROGRAM_LOAD_TARGET_H
#define ATTACH_PROGRAM_LOAD_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "attach/kernel/abi.h"
#include "fail.h"

struct load_target {
	uint32_t btf_id; /* attach_btf_id */
	int btf_fd; /* attach_btf_obj_fd: of a module's BTF; -1: none; owned */
	int prog_fd; /* attach_prog_fd; -1: none; borrowed */
};

/* What it is sought for. */
struct load_target_of {
	enum bpf_prog_type type;
	uint32_t attach_type;
	const char *text; /* [MODULE:]FUNCTION, or id:N:FUNCTION */
	int prog_fd; /* of the program N; -1: none */
};

/*
 * In vmlinux first, then in every module, or in the program's BTF.  ENOENT;
 * ENOTUNIQ: several modules have it; EOPNOTSUPP: the kernel has no BTF; EINVAL:
 * a program of that type is for nothing that BTF has, or the text is malformed.
 */
int load_target_find(const struct load_target_of *of,
		     struct load_target *target, struct err *e);

void load_target_clear(struct load_target *target); /* may be called twice */

/* The form of the text: EINVAL, with the place of the fault. */
int load_target_check(const char *text, struct err *e);

/*
 * The N of id:N:FUNCTION, and where FUNCTION begins; false: the text is of
 * another form.
 */
bool load_target_program(const char *text, uint32_t *id, const char **function);

#endif
