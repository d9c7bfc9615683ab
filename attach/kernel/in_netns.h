/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * in_netns.h - doing something in another network namespace.
 *
 * The namespace is one of a thread, and a thread that cannot go back must not
 * serve anybody: so a thread is made for the call, and ends with it.
 */
#ifndef ATTACH_KERNEL_IN_NETNS_H
#define ATTACH_KERNEL_IN_NETNS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What call(arg) returns in the network namespace that netns is a descriptor of;
 * -1 is that of the caller.  -errno when the namespace cannot be entered (EINVAL:
 * netns is none; EPERM) or there is no thread (EAGAIN).
 */
int in_netns(int netns, int (*call)(void *arg), void *arg);

/* netns is a descriptor of the caller's own. */
bool netns_is_own(int netns);

/* What tells it from all others that there are; 0 when it cannot be asked. */
uint64_t netns_inode(int netns);

/*
 * A descriptor of the network namespace of that inode, which is looked for among
 * those of processes and those that are mounted: a descriptor that is kept would
 * keep the namespace, and every device in it.  -ENOENT: none is found there.
 */
int netns_find(uint64_t inode);

#endif
