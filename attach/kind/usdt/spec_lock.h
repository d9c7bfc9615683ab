/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec_lock.h - which ids of USDT spec maps living daemons hold, for all of
 * them to see; private to spec_*.c.
 *
 * Several daemons can share a program and so its map, in which nothing can be
 * tested and set at once.  They share one file besides: uprobe_events of
 * tracefs, of which the kernel has one instance for all mount namespaces.  A
 * byte of it stands for an id of a map, and open file description locks on the
 * byte say which daemons use the id:
 *
 *	shared  by each that has a probe with the id
 *	alone   while it is taken or cleared, so only when nobody else has it
 *
 * Nobody waits: an id whose lock is not to be had is another's, and the next is
 * tried.  So a process that holds locks can make the map seem full, and no
 * more.  The kernel drops the locks of a daemon that dies; the specs that it
 * left are then told by their links.
 *
 * Without tracefs, or where it is read-only, there are no locks and all are
 * had; then two daemons see of each other only what is in the map already.
 */
#ifndef ATTACH_KIND_USDT_SPEC_LOCK_H
#define ATTACH_KIND_USDT_SPEC_LOCK_H

#include <stdbool.h>
#include <stdint.h>

/* A descriptor whose close drops the locks, -ENODEV without tracefs. */
int specs_lock_open(void);

/* What is held of the byte becomes that; false when others forbid it. */
bool specs_lock_alone(int fd, uint32_t map, uint32_t id);
bool specs_lock_share(int fd, uint32_t map, uint32_t id);
void specs_lock_drop(int fd, uint32_t map, uint32_t id);

#endif
