/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * attacher.h - the ways in which programs get on targets: a row each.
 *
 * A kind says what it has in common with others by naming its attacher; what an
 * attacher does is behind these operations.  Private to this directory.
 *
 * Locking: as for an attachment, which is constant but in attach(), update(),
 * grow() and adopt().
 */
#ifndef ATTACH_ATTACHER_H
#define ATTACH_ATTACHER_H

#include "attach/attachment.h"
#include "attach/fate.h"
#include "attach/kernel/link/link_info.h"

enum link_match {
	LINK_MATCHES,
	LINK_OF_OTHER_TYPE, /* none that such a probe could have */
	LINK_ELSEWHERE, /* on another target */
};

struct attacher {
	/*
	 * Puts a->prog_fd on all sites of a->target, or on none, and fills
	 * links, nlinks and way.  -errno with *e filled.
	 */
	int (*attach)(struct attachment *a, const struct attach_mode *mode,
		      struct err *e);

	/* As attachment_load_as().  NULL: what the kind accepts first. */
	int (*load_as)(const struct kind *kind, const struct target *target,
		       const struct attach_mode *mode, struct load_as *as,
		       struct err *e);
	/* The same for what is attached.  NULL: as before attaching. */
	void (*loaded_as)(const struct attachment *a, struct load_as *as);

	/*
	 * Puts a->prog_fd in the place of the program prog_fd in a's links,
	 * each of which matches the target.  EPERM: another one is there by
	 * now.  NULL: no link of these can.
	 */
	int (*update)(struct attachment *a, int prog_fd, struct err *e);

	/*
	 * The links of old, and others on those sites of a->target that old has
	 * not, or that have lost theirs; sites of old that a->target lacks are
	 * added.  NULL: the sites of such a target stay as they are.
	 */
	int (*grow)(struct attachment *a, const struct attachment *old,
		    struct err *e);

	/* What link i is to the target, as far as the kernel tells. */
	enum link_match (*matches)(const struct attachment *a, size_t i,
				   const struct link_info *info);
	/* Learns from a link that matches: its cookie, how it was made. */
	void (*adopt)(struct attachment *a, size_t i,
		      const struct link_info *info);

	bool (*alive)(const struct attachment *a);
	/* What of the target has changed while the links are alive.  NULL: what
	   changed is in the links. */
	void (*look)(const struct attachment *a, const struct opener *opener,
		     struct fate *fate);

	/* The lines of `info` that tell the place; first is of link 0. */
	void (*show)(const struct attachment *a, const struct link_info *first,
		     FILE *out);
	void (*show_sites)(const struct attachment *a, FILE *out);

	/* A descriptor to read a run's output from.  NULL: there is none. */
	int (*open_output)(const struct attachment *a, struct err *e);

	/*
	 * The program could not be attached beside the old one, but may be once
	 * that has gone.  NULL: only where EEXIST says so of the same program.
	 */
	bool (*in_the_way)(const struct attachment *old, int prog_fd, int err);
};

const struct attacher *attacher_of(const struct kind *kind);

#endif
