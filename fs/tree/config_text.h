/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * config_text.h - all texts of a probe as one: a line `file: value` each.
 *
 * The lines may be in any order, with comment lines (#) and blank ones between
 * them.  A file that has no line says what it did after mkdir.  Such a text is
 * kept as it was written, and shown as long as it is true.
 */
#ifndef FS_TREE_CONFIG_TEXT_H
#define FS_TREE_CONFIG_TEXT_H

#include <stdio.h>

#include "fs/tree/config.h"

struct config_line {
	const char *text; /* of the whole line; not terminated, borrowed */
	size_t length;
	unsigned int number; /* from 1; 0: there is no such line */
	size_t value, end; /* where the value begins in it, and where it ends */
};

struct config_lines {
	struct config_line of[TEXT_MAX];
	struct config_line fault; /* what cannot be understood */
};

/* The name of the slot's file; NULL: a probe of the kind has none. */
const char *config_key(const struct kind *kind, unsigned int slot);

/* EINVAL, with a place in lines->fault. */
int config_lines_find(const struct kind *kind, const char *text,
		      struct config_lines *lines, struct err *e);

/* The texts that a probe of that name has by these lines; yours to free. */
int config_lines_texts(const struct config_lines *lines,
		       const struct kind *kind, const char *name,
		       char *texts[TEXT_MAX], struct err *e);

/* Both texts, which may be NULL, say the same in that slot. */
bool config_same(const struct kind *kind, unsigned int slot, const char *a,
		 const char *b);

/* What was written, or else the lines that it would take. */
void config_show(const struct config *config, FILE *out);

#endif
