/* SPDX-License-Identifier: BSD-2-Clause */
/* map_cpus.h - how many values a pair of a per-CPU map has. */
#ifndef ATTACH_KERNEL_MAP_MAP_CPUS_H
#define ATTACH_KERNEL_MAP_MAP_CPUS_H

int map_cpus(void); /* the possible CPUs, or -errno */

#endif
