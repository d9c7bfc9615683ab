/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracefs.h - events made and found in tracefs.
 *
 * Events of ours are in the group probefs_PPPPPPPPSSSSSSSS: our process id and
 * the low half of its start time (clock ticks since boot, proc(5) field 22),
 * both in hexadecimal, so that a later probefs can tell whose owner is dead.
 *
 * Locking: tracefs_setup() once, before threads; the rest is thread-safe.
 */
#ifndef ATTACH_KERNEL_TRACEFS_H
#define ATTACH_KERNEL_TRACEFS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "fail.h"

/*
 * Finds tracefs: at path when that is given, else /sys/kernel/tracing, else
 * below debugfs, else where mountinfo shows one; by the type of the file
 * system.  With may_mount it is mounted at /sys/kernel/tracing when missing.
 * A failure is kept and told by each later call that needs tracefs.
 */
int tracefs_setup(const char *path, bool may_mount, struct err *e);

/* Where it is, or NULL with *e filled (ENODEV). */
const char *tracefs_root(struct err *e);

/* A path below it; ENODEV without tracefs. */
int tracefs_path(char *path, size_t size, struct err *e, const char *format,
		 ...) __attribute__((format(printf, 4, 5)));

/*
 * The id of events/GROUP/NAME.  ENOENT: no such tracepoint; EINVAL: a name that
 * is no identifier.
 */
int tracefs_event_id(const char *group, const char *name, uint32_t *id,
		     struct err *e);

/* A line for each tracepoint: GROUP:NAME. */
int tracefs_list_events(FILE *out, struct err *e);

enum tracefs_list {
	TRACEFS_KPROBES, /* kprobe_events */
	TRACEFS_UPROBES, /* uprobe_events */
};

/*
 * Makes an event; where is what follows "p:GROUP/NAME ", such as
 * "vfs_read+0x10" or "/bin/sh:0x1234(0x5678)".  label goes into the event's
 * name, cleaned and cut.  maxactive is only for a return probe of the kernel, 0
 * to leave it.  *number identifies the event for tracefs_remove(), *id is for
 * perf_tracepoint().  The sentence holds what error_log says.
 */
int tracefs_make(enum tracefs_list list, bool ret, uint32_t maxactive,
		 const char *label, const char *where, uint64_t *number,
		 uint32_t *id, struct err *e);

/*
 * After the last user has gone: EBUSY before.  ENOENT is success.  The number
 * may come from another probefs, a dead one too.
 */
int tracefs_remove(uint64_t number);

/*
 * Removes the events whose probefs is dead.  Those still in use (by a pinned
 * link) stay.  Returns how many went.  Others' events are never touched.
 */
int tracefs_collect(void);

#endif
