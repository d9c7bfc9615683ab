/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_names.h - types of links, of attaching and of maps by the names that
 * bpftool prints.
 */
#ifndef ATTACH_KERNEL_LINK_NAMES_H
#define ATTACH_KERNEL_LINK_NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* "perf_event", "kprobe_multi", ...; "type 99" else. */
const char *link_type_name(uint32_t type);

/* "cgroup_inet_ingress", "trace_fentry", ...; "type 99" else. */
const char *attach_type_name(uint32_t type);

/* The number for such a name; false: there is none, and *type is untouched. */
bool attach_type_find(const char *name, uint32_t *type);

/* "hash", "percpu_array", ...; "type 99" else. */
const char *map_type_name(uint32_t type);

#endif
