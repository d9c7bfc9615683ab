/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_ended.h - links that this process has detached, where the kernel goes on
 * telling what they were attached to: those of netfilter (6.4 to 7.2).
 *
 * The kernel gives out no id twice before all others.  The last LINKS_ENDED are
 * known.
 *
 * Locking: its own, a leaf.
 */
#ifndef ATTACH_KERNEL_LINK_LINK_ENDED_H
#define ATTACH_KERNEL_LINK_LINK_ENDED_H

#include <stdbool.h>
#include <stdint.h>

enum { LINKS_ENDED = 256 };

void link_ended_add(uint32_t id);

bool link_ended_has(uint32_t id);

#endif
