/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uprobe_search.h - the functions of a file that a name means.
 *
 * A name is looked for in this order, and the first that finds any ends it: as
 * a symbol; as a pattern of symbols; as the plain name of C++ or Rust; as a
 * pattern of those.  So plain names, which cost more, are only made of files
 * that have no such symbol.
 */
#ifndef ATTACH_KIND_UPROBE_UPROBE_SEARCH_H
#define ATTACH_KIND_UPROBE_UPROBE_SEARCH_H

#include <stdbool.h>

#include "attach/kind/uprobe/uprobe.h"

/* What `symbol` asks for, taken apart. */
struct wanted {
	char *name; /* owned */
	const char *version; /* or NULL; within name */
	bool default_only; /* @@ */
	bool pattern;
};

/* Strings of functions are the image's. */
struct search {
	struct wanted wanted;
	uint64_t steps; /* of matching that are left */
	struct functions exact, matching;
	bool plain; /* matching are those of a plain name */
	bool data; /* the name is of something else */
	bool debug; /* there are debug symbols */
	bool imported;
	struct functions others; /* of the name, but of another version */
	const char *library; /* that it is imported from, or NULL */
	const char *made; /* NAME.isra.0 and the like, or NULL */
};

/*
 * EINVAL: the name is malformed; EFBIG: a pattern would take too long.  Nothing
 * found is no failure.  search_clear() whatever is returned.
 */
int search_file(struct search *search, const char *name, struct image *image,
		const char *path, struct err *e);
void search_clear(struct search *search);

/* Why nothing was found, and where it is: always a failure. */
int uprobe_explain_none(const struct search *search, struct image *image,
			const struct opener *opener, const char *path,
			struct err *e);

/* The function only chooses which one is called: EINVAL. */
int uprobe_explain_ifunc(const struct function *f, struct image *image,
			 const char *path, struct err *e);

#endif
