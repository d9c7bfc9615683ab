/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map_member.h - the maps of what is loaded, and the variables in them.
 */
#ifndef FS_PROG_MAP_MAP_MEMBER_H
#define FS_PROG_MAP_MAP_MEMBER_H

#include "attach/kernel/map/map.h"
#include "fs/prog/member.h"

/* A descriptor of the map of the node; ENODATA: it is not loaded.  No lock. */
int map_member_fd(struct tree *tree, struct node node, struct err *e);

/* The same for its pairs, which are for whom member_check() allows. */
int map_member_pairs(struct tree *tree, struct node node,
		     const struct caller *caller, struct err *e);

/*
 * The same of the map that the variable is in; *variable points into the member.
 * caller NULL: nobody may.
 */
int map_member_variable(const struct member *member,
			const struct caller *caller,
			struct map_variable *variable, struct err *e);

/* What `entries` is read from. */
extern const struct stream_source map_entries;

#endif
