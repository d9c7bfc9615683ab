/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * place.h - finding a cgroup: by its path as its user sees it, by its id.
 */
#ifndef ATTACH_KIND_CGROUP_PLACE_H
#define ATTACH_KIND_CGROUP_PLACE_H

#include <stdint.h>
#include <stdio.h>

#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "attach/kind/target.h"

#define CGROUP_PATH_HELP                                                 \
	"the cgroup: a path below the cgroup2 mount of whoever writes, " \
	"'/' for its root, or an absolute path"

/* The CGROUP of a name, unescaped, which is text[span]. */
int cgroup_name(const char *text, struct span span, char **path, struct err *e);

/*
 * Opens the cgroup as the user, who has to have the right to write to it, and
 * fills target->fd and where, where_id and create.target_fd of target->hook.
 * path is NULL when there is none.
 */
int cgroup_find(const char *path, const struct opener *opener,
		struct target *target, struct err *e);

/*
 * A descriptor with O_PATH of the cgroup of that id: one that is kept would keep
 * what is left of a cgroup that was removed.  -errno; ENODEV: no cgroup2 is
 * mounted where we are.
 */
int cgroup_by_id(uint64_t id);

/* The link is on the cgroup and the hook of the target. */
bool cgroup_matches(const struct target *target, const struct link_info *info);

/* The lines of `info` for the cgroup. */
void cgroup_show(const struct target *target, FILE *out);

/*
 * The lines of `sites`: the programs on the hook in the order in which they run,
 * those of the cgroups above it, too, as the kernel has them now.
 */
void cgroup_show_sites(const struct target *target, FILE *out);

/* The errno is of the cgroup, not of the hook: fills *e, returns -code; else 0. */
int cgroup_explain(const struct target *target, int code, struct err *e);

/* Why a probe of a cgroup is gone. */
extern const char cgroup_gone[];

#endif
