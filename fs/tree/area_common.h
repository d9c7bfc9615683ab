/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * area_common.h - what several areas have in common; private to them.
 */
#ifndef FS_TREE_AREA_COMMON_H
#define FS_TREE_AREA_COMMON_H

#include "fs/tree/area.h"

/* place is the child's in its directory, above 0. */
bool area_add_child(struct dir_sink *sink, const char *name, uint64_t number,
		    bool is_dir, uint64_t place);

/* The scratch of a nest, among the nodes of its directory. */
int area_scratch_lookup(struct tree *tree, uint64_t dir, const char *name,
			uint64_t *number);
/* false: the sink is full.  Places are below AREA_SCRATCH_PLACES. */
bool area_scratch_add(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink);

#define AREA_SCRATCH_PLACES (UINT64_C(1) << 48)

/* run/, the only directory of a program, see fs/prog/run.h. */
int area_run_lookup(struct tree *tree, uint64_t dir, const char *name,
		    uint64_t *number);
void area_run_list(struct tree *tree, uint64_t dir, uint64_t after,
		   struct dir_sink *sink);

/* EINVAL */
int area_refer_nothing(struct err *e);

/* The directories that come with the mount, and their error. */
int area_mount_attr(struct tree *tree, uint64_t number, struct stat *attr);
char **area_mount_error(struct tree *tree, uint64_t number, bool make);

#endif
