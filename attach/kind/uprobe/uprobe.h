/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uprobe.h - what the files of uprobe*.c share.
 */
#ifndef ATTACH_KIND_UPROBE_UPROBE_H
#define ATTACH_KIND_UPROBE_UPROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "attach/kind/kind.h"
#include "attach/kind/target.h"
#include "usdt/elf/image.h"

struct uprobe {
	char *path;
	char *symbol; /* NAME, NAME@VERSION, NAME@@VERSION; a pattern too */
	uint64_t offset; /* from symbol; of the file when there is no symbol */
	pid_t pid;
	uint64_t ref_ctr_offset;
	bool force;
};

/* A function, while its image is open. */
struct function {
	const char *name;
	const char *version; /* or NULL */
	bool default_version;
	unsigned char type; /* STT_FUNC, STT_GNU_IFUNC or STT_NOTYPE */
	uint64_t offset; /* in the file */
	uint64_t size; /* 0 when not told */
	size_t order; /* in which it was told */
};

struct functions {
	size_t count;
	struct function *list; /* owned */
};

/* -ENOMEM, or 0. */
int functions_add(struct functions *functions,
		  const struct image_symbol *symbol);
/* By offset, and by order where that is the same. */
void functions_sort(struct functions *functions);

/* kind.h, parse(). */
int uprobe_parse(const char *name, void *spec, struct err *e);

/*
 * Adds the sites of the uprobe in the image to the target, whose path and ret
 * are set.
 */
int uprobe_sites(const struct uprobe *u, struct image *image,
		 const struct opener *opener, struct target *target,
		 struct err *e);

/* As uprobe_sites(), for a place given by its file offset. */
int uprobe_site_at(const struct uprobe *u, struct image *image,
		   struct target *target, struct err *e);

/*
 * EINVAL, EOPNOTSUPP: a breakpoint at the file offset would do harm or nothing.
 * start is where the function that holds it begins.
 */
int uprobe_check_site(const struct image *image, uint64_t start,
		      uint64_t offset, const char *path, struct err *e);

/* EINVAL: the function has no size, and another begins before the offset. */
int uprobe_check_end(struct image *image, const struct function *function,
		     uint64_t offset, struct err *e);

/* EINVAL: the counter cannot be where ref_ctr_offset says. */
int uprobe_check_counter(const struct uprobe *u, const struct image *image,
			 struct err *e);

/* The image of an open file, for this machine unless force is set. */
int uprobe_image(int fd, const char *path, const struct opener *opener,
		 bool force, struct image **image, struct err *e);

/* kind.h, explain(). */
int uprobe_explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e);

/* kind.h, available(). */
int uprobe_available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e);

#endif
