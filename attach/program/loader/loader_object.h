/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader_object.h - in the loader: an object that libbpf has opened.
 *
 * Everything here may die of what is in the object, or be made to do anything.
 */
#ifndef ATTACH_PROGRAM_LOADER_LOADER_OBJECT_H
#define ATTACH_PROGRAM_LOADER_LOADER_OBJECT_H

#include <bpf/libbpf.h>
#include <stdbool.h>

#include "attach/program/loader/answer.h"
#include "attach/program/loader/loader.h"
#include "fail.h"

struct loader_program {
	struct bpf_program *program;
	char *target;
	char *kernel_name;
	uint32_t flags; /* by its section, and as set */
};

struct loader_object {
	struct bpf_object *object;
	struct loader_program *programs;
	size_t nprograms;
	char *data; /* the bytes, a copy of our own */
	size_t size;
	bool linked; /* its struct_ops are for links */
};

/* Opens it and applies what the sections say. */
int loader_object_open(const struct loader_request *request,
		       struct loader_object *out, struct err *e);

/* Cut and cleaned, as the kernel wants it; NULL without memory. */
char *loader_kernel_name(const char *name);

/* The map of the object's that a section of variables became; NULL. */
struct bpf_map *loader_object_section(const struct loader_object *object,
				      const char *section);

int setting_apply(struct loader_object *object,
		  const struct object_setting *setting, struct err *e);

/* What is in it, for the daemon. */
int loader_describe(const struct loader_object *object,
		    struct answer_opened *out, struct err *e);

/*
 * The functions of bpf/bpf.h that libbpf calls, and that are ours, do this from
 * now on with what the daemon gave.
 */
struct loader_calls {
	const struct loader_object *object;
	const struct loader_supply *supply;
	const struct channel *channel;
	/* The last that the kernel refused. */
	uint32_t program, map;
	/* Of modules. */
	struct message modules;
	bool asked;
};

void loader_calls_begin(struct loader_calls *calls);

/* libbpf is told so for every section that we know, and for the others. */
int loader_calls_register(void);

#endif
