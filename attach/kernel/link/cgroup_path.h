/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cgroup_path.h - from the id of a cgroup to its path.
 */
#ifndef ATTACH_KERNEL_LINK_CGROUP_PATH_H
#define ATTACH_KERNEL_LINK_CGROUP_PATH_H

#include <stdint.h>

/*
 * Below the mount of cgroup2 that the daemon sees first, "." for its root; the
 * caller's to free.  NULL: there is no such cgroup, no such mount, or no
 * CAP_DAC_READ_SEARCH.
 */
char *cgroup_path(uint64_t id);

/*
 * The directory of the cgroup of that id, with O_PATH; mount is one of cgroup2,
 * open for reading.  -errno.
 */
int cgroup_open(int mount, uint64_t id);

#endif
