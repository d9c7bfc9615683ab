/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * in_netns.h - doing something in another network namespace.
 *
 * The namespace is one of a thread, and a thread that cannot go back must not
 * serve anybody: so a thread is made for the call, and ends with it.
 */
#ifndef ATTACH_KERNEL_IN_NETNS_H
#define ATTACH_KERNEL_IN_NETNS_H

/*
 * What call(arg) returns in the network namespace that netns is a descriptor of;
 * -1 is that of the caller.  -errno when the namespace cannot be entered (EINVAL:
 * netns is none; EPERM) or there is no thread (EAGAIN).
 */
int in_netns(int netns, int (*call)(void *arg), void *arg);

#endif
