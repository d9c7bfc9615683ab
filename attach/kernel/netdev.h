/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netdev.h - the interfaces of a network namespace.
 *
 * netns is a descriptor of it, or -1 for the caller's own.  A socket of any
 * family answers these questions, so one of AF_UNIX asks.
 */
#ifndef ATTACH_KERNEL_NETDEV_H
#define ATTACH_KERNEL_NETDEV_H

#include <net/if.h>
#include <stdint.h>

/* Its number; -ENODEV: there is none of that name. */
int netdev_index(int netns, const char *name);

/* -ENODEV: none has the number. */
int netdev_name(int netns, uint32_t index, char name[IF_NAMESIZE]);

typedef int netdev_taker(void *arg, const char *name, const char *driver);

/*
 * All of them; driver is "" where there is none.  Anything but 0 that take()
 * returns ends the list, and is returned; or -errno.
 */
int netdev_list(int netns, netdev_taker *take, void *arg);

#endif
