/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * builtin.h - the programs that come with probefs.
 *
 * Each load makes a program with maps of its own, so two probes never share a
 * counter.  What a program counted is found through the program alone: nothing
 * is kept here.
 */
#ifndef ATTACH_PROGRAM_BUILTIN_H
#define ATTACH_PROGRAM_BUILTIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "attach/kernel/abi.h"
#include "fail.h"

struct builtin {
	const char *name; /* written to `attach` */
	const char *help; /* one sentence */
	const char *file; /* the file a probe has while it is attached */
	/* What the file shows; fd is the program. */
	int (*show)(int fd, FILE *out, struct err *e);
	const char *object, *object_end; /* ELF, as clang made it */
};

extern const struct builtin builtins[]; /* nameless last */

const struct builtin *builtin_find(const char *name);

/*
 * Which built-in program fd is, by its name and its map; NULL when it is none.  The
 * fd's owner may be anybody: an adopted link can hold one.
 */
const struct builtin *builtin_of(int fd);

/*
 * Loads it as a program of that type; expected is the expected attach type, 0
 * or the constant of a multi link.  A descriptor, or -errno.
 */
int builtin_load(const struct builtin *builtin, enum bpf_prog_type type,
		 uint32_t expected, struct err *e);

/* For how many CPUs a per-CPU map has values; or -errno. */
int builtin_cpus(void);

#endif
