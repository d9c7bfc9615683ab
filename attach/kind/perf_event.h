/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * perf_event.h - the names that perf(1) has for events, and lists of CPUs.
 */
#ifndef ATTACH_KIND_PERF_EVENT_H
#define ATTACH_KIND_PERF_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attach/kernel/cpu_events.h"
#include "attach/kind/kind.h"

struct sample_event {
	uint32_t type; /* PERF_TYPE_... */
	uint64_t config;
	bool counts; /* each is worth a sample; else there are too many */
};

/* False: there is no such name. */
bool sample_event_find(const char *name, struct sample_event *event);

/* char *: a list such as 0-3,7; NULL when unset; owned. */
extern const struct type type_cpus;

/*
 * The next CPU of the list from cpu on, or -1; *list is checked.  NULL: none.
 */
int cpus_next(const char *list, int cpu);

#endif
