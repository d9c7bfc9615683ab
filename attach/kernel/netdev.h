/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev.h - the interfaces of a network namespace.
 *
 * netns is a descriptor of it, or -1 for the caller's own.  A socket of any
 * family answers most of these questions, so one of AF_UNIX asks.
 */
#ifndef ATTACH_KERNEL_NETDEV_H
#define ATTACH_KERNEL_NETDEV_H

#include <net/if.h>
#include <stdint.h>

/* Its number; -ENODEV: there is none of that name. */
int netdev_index(int netns, const char *name);

/* -ENODEV: none has the number. */
int netdev_name(int netns, uint32_t index, char name[IF_NAMESIZE]);

/*
 * Whether one of the interface's XDP programs is the one with that id, by a
 * socket of AF_NETLINK; -ENODEV: no interface has the number.
 */
int netdev_runs_xdp(int netns, uint32_t index, uint32_t prog_id);

typedef int netdev_taker(void *arg, const char *name, const char *driver);

/*
 * All of them; driver is "" where there is none.  Anything but 0 that take()
 * returns ends the list, and is returned; or -errno.
 */
int netdev_list(int netns, netdev_taker *take, void *arg);

#endif
