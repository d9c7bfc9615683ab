/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_events.h - being told that a CPU has come online.
 *
 * Locking: thread-safe.
 */
#ifndef ATTACH_KERNEL_CPU_EVENTS_H
#define ATTACH_KERNEL_CPU_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

enum { CPUS_MAX = 8192 }; /* CONFIG_NR_CPUS is no larger */

/*
 * A descriptor that can be read once a CPU has come online, and wakes for nothing
 * else; or -errno.  In a network namespace that is not the initial user
 * namespace's the kernel tells nothing.
 */
int cpu_events_open(void);

/* Takes what has come, if anything has. */
bool cpu_events_take(int fd);

/* How often the CPU is known to have come online; 0 for a number of none. */
uint32_t cpu_turn(int cpu);

#endif
