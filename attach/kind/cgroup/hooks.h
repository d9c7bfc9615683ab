/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hooks.h - the hooks of a cgroup: which programs they take.
 */
#ifndef ATTACH_KIND_CGROUP_HOOKS_H
#define ATTACH_KIND_CGROUP_HOOKS_H

#include <stdint.h>
#include <stdio.h>

#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "fail.h"

struct cgroup_hook {
	const char *name; /* as bpftool has it, and the sections of libbpf */
	const char
		*section; /* of libbpf: what a program for it is written in */
	unsigned int feature; /* what a kernel needs that has the hook */
};

/* Nameless last; in the order of cgroup_accepts[], which ends with them. */
extern const struct cgroup_hook cgroup_hooks[];
extern const struct accept cgroup_accepts[];

/*
 * A field with the name of a hook: a uint32_t, 1 + the place in the tables, or 0
 * when unset.
 */
extern const struct type type_cgroup_hook;

/* EINVAL at the span's start: no hook has that name. */
int cgroup_hook_parse(const char *text, struct span span, uint32_t *hook,
		      struct err *e);

#endif
