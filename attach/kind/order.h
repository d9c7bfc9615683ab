/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * order.h - where a program is to be among the others on a hook.
 *
 * The fields `order` and `revision` of the kinds whose hooks have an order: tcx
 * (6.6), netkit (6.7), cgroup (6.17).
 */
#ifndef ATTACH_KIND_ORDER_H
#define ATTACH_KIND_ORDER_H

#include <stdint.h>

#include "attach/kernel/bpf.h"
#include "attach/kind/kind.h"
#include "attach/kind/target.h"

/* Zeroed it is the kernel's own choice: behind the others. */
struct order {
	uint32_t
		flags; /* ABI_F_BEFORE or ABI_F_AFTER: of the anchor, or of all */
	enum bpf_object anchor; /* BPF_OBJECT_PROG, _LINK; with path either */
	uint32_t id; /* of the anchor; 0: there is none, or path has it */
	char *path; /* where the anchor is pinned.  Owned */
};

extern const struct type type_order;

/* The rows of the two fields, members `order` and `revision` (uint64_t). */
/* clang-format off */
#define ORDER_FIELDS(spec)                                                  \
	FIELD_OF(spec, order, type_order,                                   \
		 "where among the programs on the hook: first, last, "      \
		 "before ID, after ID"),                                    \
	FIELD(spec, revision,                                               \
	      "attach only if the hook has this revision; 0 is any")
/* clang-format on */

/*
 * Fills flags and order of hook->create, and hook->anchor where the anchor is
 * named by its path.  hook is of an empty target.
 */
int order_fill(const struct order *order, uint64_t revision,
	       const struct opener *opener, struct hook_target *hook,
	       struct err *e);

/*
 * Fills *e and returns -code where the kernel's (positive) errno is about the
 * order; 0 where it is about something else.
 */
int order_explain(const struct hook_target *hook, int code, struct err *e);

#endif
