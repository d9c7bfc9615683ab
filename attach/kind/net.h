/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * net.h - what the kinds of the network have in common: namespaces, interfaces,
 * and the programs on a hook of an interface.
 *
 * Whatever has a name in a network namespace is looked up in that of the user
 * who attaches, or in the one that the field `netns` names.
 */
#ifndef ATTACH_KIND_NET_H
#define ATTACH_KIND_NET_H

#include <stdint.h>
#include <stdio.h>

#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "attach/kind/target.h"

#define NETNS_HELP                                            \
	"path of a network namespace, as /run/netns/NAME or " \
	"/proc/PID/ns/net; empty is that of the process that writes"

/*
 * The descriptor of the namespace, owned by the caller, or -1 where that is ours
 * (of unit tests); target->hook.netns_ino is filled.  path may be NULL.
 */
int net_open(struct target *target, const char *path,
	     const struct opener *opener, int *netns, struct err *e);

/* The same, and the link is to be made in it: fills target->hook.netns. */
int net_enter(struct target *target, const char *path,
	      const struct opener *opener, struct err *e);

/*
 * Finds the interface in target->hook.netns and fills where, where_id and the
 * create.target_fd of target->hook.  EINVAL: name is NULL or no name of one;
 * ENODEV: there is none.
 */
int net_find(struct target *target, const char *name, struct err *e);

/* The interface of a name, unescaped: of a probe, text[span]. */
int net_name(const char *text, struct span span, char **name, struct err *e);

/*
 * ENODEV, if the interface of the target has gone meanwhile; else 0: the errno
 * means something else.
 */
int net_explain_gone(const struct target *target, struct err *e);

/* The end of a kind's explain(), as refusal_explain(). */
int net_refuse(const char *what, bool event, int code, struct err *e);

/* The lines of `info` for the namespace, and for the interface if there is one. */
void net_show(const struct target *target, FILE *out);

/* The link is on the interface and of the attach type of the target. */
bool net_matches(const struct target *target, const struct link_info *info);

/*
 * The interfaces that the user sees, each with each of the suffixes: names of
 * probes.  suffixes ends with NULL; driver NULL is any.
 */
int net_available(const struct opener *opener, const char *const *suffixes,
		  const char *driver, FILE *out, struct err *e);

/* Why a probe of an interface is gone. */
extern const char net_gone[];

#endif
