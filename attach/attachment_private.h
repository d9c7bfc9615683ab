/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attachment_private.h - what making an attachment and taking one over have in common;
 * private to this directory.
 */
#ifndef ATTACH_ATTACHMENT_PRIVATE_H
#define ATTACH_ATTACHMENT_PRIVATE_H

#include <stdio.h>

#include "attach/attachment.h"

/*
 * Empty, with room for a link a site; takes over *target whatever happens.
 * NULL without memory.
 */
struct attachment *attachment_new(const struct kind *kind,
				  struct target *target);

/*
 * One link for all sites of the target, for a program that was loaded for one;
 * a->loaded says which.  EINVAL when the target is nothing for such a link.
 */
int multi_attach(struct attachment *a, const struct attach_mode *mode,
		 struct err *e);

/* Why a program that was not loaded for a multi link has none; -errno. */
int multi_refuse(const struct attachment *a, struct err *e);

/*
 * A perf event at the site, from WAY_PMU or WAY_TRACEFS; link->event becomes the
 * number of what was made in tracefs.  -errno with *e filled.  The site's symbol
 * may become that of the system call.
 */
int event_open(const struct attachment *a, struct site *site,
	       unsigned int source, struct link *link, struct err *e);

/* "__x64_SYMBOL"; owned by the caller, NULL without memory. */
char *site_platform_name(const struct site *site);

/* The file of a place, by descriptor: its name may mean another file by now. */
enum { FD_PATH = 32 };

static inline const char *fd_path(const struct target *target,
				  char path[FD_PATH])
{
	snprintf(path, FD_PATH, "/proc/self/fd/%d", target->fd);
	return path;
}

/* Closes the link, then removes the event that was made for it. */
void link_drop(struct link *link);
void links_drop(struct attachment *a);

#endif
