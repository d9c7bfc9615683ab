/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hints.h - why the kernel refused a program, a map or types, as a sentence.
 *
 * The kernel says an errno and, of programs, a log.  The sentence has the log's
 * last lines that mean something, and what is to be done about it.
 */
#ifndef ATTACH_PROGRAM_HINT_HINTS_H
#define ATTACH_PROGRAM_HINT_HINTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

#include "attach/kernel/abi.h"
#include "fail.h"

enum hint_step { HINT_TYPES, HINT_MAP, HINT_PROGRAM };

struct hint_of {
	enum hint_step step; /* BPF_BTF_LOAD, BPF_MAP_CREATE, BPF_PROG_LOAD */
	int code; /* the positive errno of bpf(2) */
	const char *name; /* of the map or the program; "" */
	uint32_t type; /* BPF_PROG_TYPE_... or BPF_MAP_TYPE_... */
	uint32_t attach_type; /* expected */
	uint32_t flags; /* of a program: BPF_F_... of BPF_PROG_LOAD */
	uint32_t insns; /* of a program; 0: not known */
	const char
		*log; /* or the end of it, 4 KB are enough; anybody's bytes */
	uint64_t caps; /* of the writer: 1 << CAP_... */
	rlim_t memlock; /* RLIMIT_MEMLOCK of the writer */
};

/* What of the kernel matters. */
struct hint_kernel {
	uint32_t release; /* KERNEL_VERSION() */
	int unprivileged; /* kernel.unprivileged_bpf_disabled; -1: not told */
	bool locked; /* lockdown: integrity or confidentiality */
	bool nested; /* we are in a user namespace */
};

void hint_kernel_read(struct hint_kernel *kernel); /* the one that runs */

/* Fills *e and returns -of->code. */
int hint_fail(const struct hint_of *of, const struct hint_kernel *kernel,
	      struct err *e);

/* Adds what is known of a fault that libbpf has found before the kernel. */
void hint_of_text(const char *text, struct err *e);

#endif
