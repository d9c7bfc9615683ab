/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * netns.h - network namespaces that a user may attach to.
 *
 * Locking: none may be held: a path is walked.
 */
#ifndef FS_USER_NETNS_H
#define FS_USER_NETNS_H

#include "fs/user/caller.h"

/*
 * A descriptor of the network namespace at path, opened as the caller; NULL is
 * the caller's own.  EPERM: it is another, and its owner is no user namespace
 * in which the caller has CAP_NET_ADMIN (user_namespaces(7)); EINVAL: the path
 * is of something else.
 */
int caller_netns(const struct caller *caller, const char *path, struct err *e);

#endif
