/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iter.h - what the files of the kind iter have in common; private to them.
 */
#ifndef ATTACH_KIND_ITER_H
#define ATTACH_KIND_ITER_H

#include "attach/kernel/link/link_info.h"
#include "attach/kind/kind.h"
#include "attach/kind/target.h"

struct iter {
	char *target;
	char *map;
	pid_t pid;
	pid_t tid;
	char *cgroup;
	uint32_t order; /* ABI_CGROUP_ITER_...; 0: not written */
};

/* What an iterator takes, and whether it is of a network namespace. */
enum takes {
	TAKES_MAP = 1 << 0,
	TAKES_TASK = 1 << 1,
	TAKES_CGROUP = 1 << 2,
	TAKES_NETNS = 1 << 3, /* what the reader of a run finds there */
};

/* What a link is asked for with fields: the data of the target's hook. */
struct iter_asked {
	unsigned int given; /* the one of TAKES_... that info is of */
	union abi_iter_info info;
};

extern const struct type iter_order; /* uint32_t: ABI_CGROUP_ITER_...; or 0 */

/* "descendants_pre", ...; NULL: there is no such order. */
const char *iter_order_name(uint32_t order);

/* See struct kind. */
int iter_resolve(const void *spec, const struct opener *opener,
		 struct target *target, struct err *e);
int iter_arm(struct target *target, int prog_fd, uint64_t cookie,
	     struct err *e);
int iter_rearm(struct target *target, int prog_fd, uint64_t *cookie,
	       struct err *e);
int iter_explain(const struct target *target, const struct site *site,
		 bool event, int code, struct err *e);
bool iter_matches(const struct target *target, const struct link_info *info);
void iter_show(const struct target *target, FILE *out);
int iter_available(const void *spec, const struct opener *opener, FILE *out,
		   struct err *e);

#endif
