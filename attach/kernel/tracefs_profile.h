/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracefs_profile.h - the misses of kprobes that are events of tracefs.
 *
 * kprobe_profile (since 2.6.33) has them on every kernel, the info of a link
 * only since 6.7.  Nothing is missed at a uprobe or a tracepoint.
 */
#ifndef ATTACH_KERNEL_TRACEFS_PROFILE_H
#define ATTACH_KERNEL_TRACEFS_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct profile_event {
	uint64_t number; /* as tracefs_make() gave it out */
	uint64_t missed;
};

struct profile {
	struct profile_event *events; /* by number; owned */
	size_t count;
};

/* All events of any probefs; empty when the file cannot be read. */
void profile_read(struct profile *profile);
void profile_clear(struct profile *profile);

/* False when the event is not in it. */
bool profile_missed(const struct profile *profile, uint64_t number,
		    uint64_t *missed);

#endif
