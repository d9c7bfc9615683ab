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

/* As what a program is loaded. */
struct load_as {
	enum bpf_prog_type type;
	uint32_t attach_type; /* expected; 0 where it does not matter */
	int neutral; /* what it returns: of all results the one that changes
			nothing */
	uint32_t obj_id; /* the BTF object of btf_id; 0: the kernel's own */
	uint32_t btf_id; /* of the function that it is loaded for; 0: none */
	uint32_t prog_id; /* of the program whose function that is; 0: none */
};

bool load_as_same(const struct load_as *a, const struct load_as *b);

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
 * Which built-in program fd is, by its name and its map; NULL when it is none.
 * The fd's owner may be anybody: an adopted link can hold one.
 */
const struct builtin *builtin_of(int fd);

/* A descriptor, or -errno. */
int builtin_load(const struct builtin *builtin, const struct load_as *as,
		 struct err *e);

/* For how many CPUs a per-CPU map has values; or -errno. */
int builtin_cpus(void);

#endif
