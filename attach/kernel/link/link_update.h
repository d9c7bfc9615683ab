/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_update.h - another program, or map, in the place of what a link has.
 *
 * Updating a tcp struct_ops link with the map that it has panics Linux 6.12 and
 * 7.2 (list_add double add, lib/list_debug.c).  So what is there is compared
 * first, and then named to the kernel, which puts nothing in the place of
 * anything else: whatever another tool does meanwhile, the two differ.
 *
 * Locking: a lock of its own for each link, by its id, so that of two writers
 * of the same thing at once the second finds it done.  A leaf, held over
 * bpf(2).
 */
#ifndef ATTACH_KERNEL_LINK_LINK_UPDATE_H
#define ATTACH_KERNEL_LINK_LINK_UPDATE_H

#include <stdint.h>

#include "attach/kernel/bpf.h"
#include "fail.h"

/* What a link runs: a program, or the map of its struct_ops. */
struct link_content {
	uint32_t link_id;
	uint32_t link_type;
	enum bpf_object object; /* BPF_OBJECT_PROG or BPF_OBJECT_MAP */
	uint32_t id; /* 0: it has none any more */
	uint32_t attach_type; /* of a cgroup's */
};

int link_content(int fd, struct link_content *content);
/* The id of such an object, by a descriptor of it. */
int link_content_id(int fd, enum bpf_object object, uint32_t *id);

/*
 * Has the link run new_fd, which is of the content's object.  old_id: what it
 * has to run now, or EPERM; 0: whatever it does.  What it runs already touches
 * nothing.
 */
int link_update(int link_fd, int new_fd, uint32_t old_id, struct err *e);

/*
 * BPF_LINK_DETACH.  EOPNOTSUPP: links of the type end with their last holder.
 */
int link_detach(int link_fd, struct err *e);

#endif
