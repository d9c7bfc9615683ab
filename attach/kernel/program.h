/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * program.h - BPF programs: finding them, telling what they are.
 */
#ifndef ATTACH_KERNEL_PROGRAM_H
#define ATTACH_KERNEL_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "attach/kernel/abi.h"
#include "fail.h"

enum {
	PROG_NAME = 16, /* BPF_OBJ_NAME_LEN, NUL included */
	PROG_TAG = 17, /* 2 * BPF_TAG_SIZE hexadecimal digits and NUL */
	/* More than it has: include/linux/bpf_verifier.h, MAX_USED_MAPS. */
	PROG_MAPS = 64,
};

struct program {
	uint32_t id;
	enum bpf_prog_type type;
	uid_t uid; /* of the user who loaded it */
	char name[PROG_NAME]; /* cut by the kernel at 15 */
	char tag[PROG_TAG];
	uint32_t btf_id; /* of the BTF object of its own; 0 without */
	uint32_t attach_obj_id; /* what it was loaded for, in BTF; 6.0 */
	uint32_t attach_btf_id;
	uint64_t run_cnt; /* 0 unless kernel.bpf_stats_enabled */
	uint64_t run_time_ns;
	uint64_t recursion_misses; /* 5.12 */
};

/* fd is of a program: anything else would be answered too, with other things. */
int program_info(int fd, struct program *program);

/* Both are the same program; false for what is none. */
bool program_same(int fd, int other);

/*
 * The program's map of that name, which the kernel has cut at 15 bytes: a
 * descriptor and the map's info, or -ENOENT.
 */
int program_map(int fd, const char *name, struct bpf_map_info *info);

/* "kprobe", "tracepoint", ... as bpftool prints it; "type 99" when unknown. */
const char *program_type_name(enum bpf_prog_type type);

/* The number for such a name; false: there is none, and *type is untouched. */
bool program_type_find(const char *name, uint32_t *type);

/* The sentence for a program that could not be opened by its id; err < 0. */
int program_fail(int err, uint32_t id, struct err *e);

/* key:\tvalue lines, as in fdinfo, for prog/ID/info. */
int program_show(uint32_t id, FILE *out, struct err *e);
/* The ids of the links that it is attached by, a line each. */
int program_show_links(uint32_t id, FILE *out, struct err *e);
/* A line for each map: id, type by its number or name, name; by tabs. */
int program_show_maps(uint32_t id, FILE *out, struct err *e);

#endif
