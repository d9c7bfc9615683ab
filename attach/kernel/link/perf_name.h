/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * perf_name.h - perf events by the names that perf(1) has for them.
 */
#ifndef ATTACH_KERNEL_LINK_PERF_NAME_H
#define ATTACH_KERNEL_LINK_PERF_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PERF_NAME = 64 };

/*
 * Of an event by type and config of struct perf_event_attr: "cpu-clock",
 * "L1-dcache-load-misses", "r1a2"; false for others.
 */
bool perf_name(uint32_t type, uint64_t config, char name[PERF_NAME]);

/*
 * The names in a row, from 0 on, with aliases and without raw events; false at
 * the end.
 */
bool perf_name_at(size_t place, uint32_t *type, uint64_t *config,
		  char name[PERF_NAME]);

#endif
