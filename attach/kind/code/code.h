/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * code.h - code that a program is loaded for: a function, a tracepoint.
 *
 * Such a program carries its target: BPF_PROG_LOAD was told the BTF of it, and
 * what a probe names is a claim that the attacher compares with that.
 */
#ifndef ATTACH_KIND_CODE_CODE_H
#define ATTACH_KIND_CODE_CODE_H

#include <stdint.h>

#include "attach/kernel/btf.h"
#include "attach/kind/kind.h"
#include "attach/kind/target.h"

/* How BTF names the types of tracepoints, and the functions of LSM hooks. */
#define CODE_TRACEPOINT "btf_trace_"
#define CODE_LSM	"bpf_lsm_"

/* What a program was loaded for. */
struct code {
	uint32_t obj_id; /* BTF object; 0: not told */
	uint32_t btf_id; /* 0: not told, as before 6.0 */
	unsigned int kind; /* BTF_KIND_FUNC, or BTF_KIND_TYPEDEF */
	char module[BTF_OBJECT_NAME]; /* "vmlinux"; "" for a BPF program */
	char function[BTF_NAME];
};

/* As far as the kernel tells; 0 or -errno. */
int code_of_program(int prog_fd, struct code *code);

/* "vmlinux:vfs_read", "vmlinux:btf_trace_sched_switch", "hook", "unknown". */
void code_show(const struct code *code, char *text, size_t size);

/*
 * The kernel's function "[MODULE:]FUNCTION", prefix before FUNCTION: fills the
 * BTF ids of target->code.  ENOENT, or ENOTUNIQ when several modules have it.
 */
int code_find(struct target *target, const char *prefix, const char *symbol,
	      struct err *e);

/* The same of the BPF program prog_fd, which target->fd becomes. */
int code_find_in_program(struct target *target, int prog_fd,
			 const char *function, struct err *e);

/* A line for each such entry of the kernel's and modules' BTF, less the prefix. */
int code_list(unsigned int kind, const char *prefix, FILE *out, struct err *e);

#endif
