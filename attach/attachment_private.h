/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attachment_private.h - what making an attachment and taking one over have in
 * common; private to this directory.
 */
#ifndef ATTACH_ATTACHMENT_PRIVATE_H
#define ATTACH_ATTACHMENT_PRIVATE_H

#include <stdio.h>

#include "attach/attacher.h"
#include "attach/attachment.h"
#include "attach/fate.h"
#include "attach/kernel/link/link_info.h"

/*
 * Empty, with room for a link a site; takes over *target whatever happens.
 * NULL without memory.
 */
struct attachment *attachment_new(const struct kind *kind,
				  struct target *target);

/* The program is one that the kind takes, and ready for the target. */
int attachment_arm(struct attachment *a, struct err *e);

/* EINVAL, with a sentence, when fd is no map that a link of struct_ops takes. */
int map_fits(int fd, struct err *e);

/* What all attachments have in common once they are whole. */
void attachment_done(struct attachment *a);

/*
 * One link for all sites of the target, for a program that was loaded for one;
 * a->loaded says which.  EINVAL when the target is nothing for such a link.
 */
int multi_attach(struct attachment *a, const struct attach_mode *mode,
		 struct err *e);

/*
 * 1 when a multi link is the best for the target, so that a program of ours is
 * loaded for one; 0; or -errno with *e filled when the kernel cannot be asked.
 */
int multi_is_best(const struct target *target, const struct attach_mode *mode,
		  struct err *e);

/* Why a program that was not loaded for a multi link has none; -errno. */
int multi_refuse(const struct attachment *a, struct err *e);

/*
 * A perf event at the site, from WAY_PMU or WAY_TRACEFS; link->event becomes the
 * number of what was made in tracefs.  -errno with *e filled.  The site's symbol
 * may become that of the system call.
 */
int event_open(const struct attachment *a, struct site *site,
	       unsigned int source, struct attach_fd *link, struct err *e);

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

/* The lines and the matching of places of events: see attach/attacher.h. */
enum link_match events_match(const struct attachment *a, size_t i,
			     const struct link_info *info);
void events_adopt(struct attachment *a, size_t i, const struct link_info *info);
bool events_alive(const struct attachment *a);
void events_look(const struct attachment *a, const struct opener *opener,
		 struct fate *fate);
void events_show(const struct attachment *a, const struct link_info *first,
		 FILE *out);
void events_show_sites(const struct attachment *a, FILE *out);

/*
 * What the kernel tells of link i; false when it has none any more.
 * link_info_clear() it.
 */
bool attachment_look(const struct attachment *a, size_t i,
		     struct link_info *info);

/* Closes the link, then removes the event that was made for it. */
void link_drop(struct attach_fd *link);
void links_drop(struct attachment *a);

#endif
