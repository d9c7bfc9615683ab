/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attachment.h - a program on all the sites of a probe, or on none.
 *
 * Lifetime: attachment_make() gives everything or nothing.  An attachment owns
 * its target, its links and its program descriptor.  attachment_free() returns
 * when the program can no longer run through links that nobody else holds.
 *
 * Locking: an attachment is constant between make and free, so any number of
 * threads may read it; the caller sees to it that none does while it is freed.
 * make and free take long (an RCU grace period a link): call without locks.
 */
#ifndef ATTACH_ATTACHMENT_H
#define ATTACH_ATTACHMENT_H

#include <stdint.h>
#include <stdio.h>

#include "attach/kind/kind.h"
#include "attach/kind/target.h"
#include "attach/program/builtin.h"

/* Ways to attach: where the event comes from, and how the program gets on. */
enum way {
	WAY_MULTI = 1 << 0, /* one link for all sites; 5.18, 6.6 */
	WAY_PMU = 1 << 1, /* an event of the kprobe or uprobe PMU; 4.17 */
	WAY_TRACEFS = 1 << 2, /* an event made in tracefs */
	WAY_LINK = 1 << 3, /* BPF_LINK_CREATE on the event; 5.15 */
	WAY_IOCTL = 1 << 4, /* PERF_EVENT_IOC_SET_BPF */
	WAY_SESSION = 1 << 5, /* with WAY_MULTI: on entry and on return */
};

/* -o attach_mode=NAME: the ways that are tried, in the order of the bits. */
struct attach_mode {
	const char *name;
	unsigned int ways;
	const char *help;
};

extern const struct attach_mode attach_modes[]; /* nameless last; auto first */

struct attach_fd {
	int fd; /* bpf link, or the perf event in ioctl mode */
	uint64_t event; /* number of the tracefs event made for it; 0 is none */
};

struct loaded; /* attach/loaded.h */

struct attachment {
	const struct kind *kind;
	const struct loaded *loaded; /* what the program was loaded for */
	unsigned int way; /* the one that worked: a source and a hook bit */
	struct target target; /* its fd is closed once attached */
	int prog_fd; /* of the map, of a kind with KIND_MAP */
	uint64_t cookie;
	bool adopted; /* the link was pinned by somebody and taken over */
	size_t nlinks; /* 1 for WAY_MULTI, else one a site */
	struct attach_fd *links;
};

/*
 * Attaches the program to all sites of target with the cookie.  Takes over
 * *target and prog_fd whatever happens.  On failure -errno, *e a sentence,
 * and nothing is left behind.
 */
int attachment_make(const struct kind *kind, const struct attach_mode *mode,
		    struct target *target, int prog_fd, uint64_t cookie,
		    struct attachment **out, struct err *e);

/*
 * An attachment from links that exist (from a pin), if they are of this kind
 * and on this target as far as the kernel tells.  Takes over *target and the
 * descriptors in links[] whatever happens.
 */
int attachment_adopt(const struct kind *kind, struct target *target,
		     const int *links, size_t nlinks, struct attachment **out,
		     struct err *e);

void attachment_free(struct attachment *a); /* NULL is fine */

/* A pin keeps the links when the attachment is freed. */
void attachment_outlives(struct attachment *a);

/*
 * As what a built-in program has to be loaded for the target.  -errno with *e
 * filled when the kernel cannot be asked.
 */
int attachment_load_as(const struct kind *kind, const struct target *target,
		       const struct attach_mode *mode, struct load_as *as,
		       struct err *e);
/* As what a built-in program that is attached was loaded. */
void attachment_loaded_as(const struct attachment *a, struct load_as *as);

/*
 * The same links with another program, in the place of old_fd: *out has
 * descriptors of its own, and old may be freed.  EPERM: the links have a program
 * other than old_fd by now.  Takes over *target (the one that the texts mean
 * now) and prog_fd whatever happens.  ENOTSUP without a sentence when such links
 * cannot be updated or are not on that target, so that they have to be made anew.
 */
int attachment_update(const struct attachment *old, int old_fd,
		      struct target *target, int prog_fd,
		      struct attachment **out, struct err *e);

/*
 * The same program by the same links, and by new ones on the sites that target
 * (what the texts mean now) has besides, and on those that have lost theirs.
 * *out has descriptors of its own, and old may be freed.  Takes over *target
 * whatever happens.
 */
int attachment_grow(const struct attachment *old, struct target *target,
		    struct attachment **out, struct err *e);
/* Its sites may become more, or lose their links, by themselves. */
bool attachment_grows(const struct attachment *a);

/*
 * The id of the program, or map, that the links have been given by somebody else;
 * 0 as long as they have the attachment's.
 */
uint32_t attachment_other_program(const struct attachment *a);

/*
 * Attaching the program failed with err (negative), and could succeed without the
 * old attachment.
 */
bool attachment_in_the_way(const struct attachment *old, int prog_fd, int err);

/* The path of the file that has the sites, or NULL for other kinds. */
const char *attachment_file(const struct attachment *a);

/* A descriptor to read the output of a run from.  EOPNOTSUPP: it has none. */
int attachment_open_output(const struct attachment *a, struct err *e);

/*
 * One read(2) of that.  EAGAIN: it may be asked again; E2BIG, EOPNOTSUPP: it goes
 * no further.
 */
ssize_t attachment_read_output(int fd, char *buffer, size_t size,
			       struct err *e);

/* False once the kernel no longer has the links. */
bool attachment_alive(const struct attachment *a);

/* The attachment's links are exactly these. */
bool attachment_is(const struct attachment *a, const int *links, size_t nlinks);

/* EINVAL, with a sentence, when fd is no program, or map, that the kind takes. */
int program_fits(const struct kind *kind, int prog_fd, struct err *e);

/* "multi", "pmu+link", ... Static. */
const char *attachment_backend(const struct attachment *a);

/*
 * `info` and `sites` as the kernel tells them now; what this kernel does not
 * report is filled from the target.
 */
void attachment_show_info(const struct attachment *a, FILE *out);
void attachment_show_sites(const struct attachment *a, FILE *out);

#endif
