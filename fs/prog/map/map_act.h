/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * map_act.h - what is written to the files of maps and variables, for their rows.
 *
 * Each takes the value of a write, as `write` of struct file does.  No lock.
 */
#ifndef FS_PROG_MAP_MAP_ACT_H
#define FS_PROG_MAP_MAP_ACT_H

#include "fs/tree/area.h"

/* A pair, into a map that is loaded; the key of one. */
int act_map_put(struct tree *tree, const struct caller *caller, uint64_t number,
		char *value, struct err *e);
int act_map_delete(struct tree *tree, const struct caller *caller,
		   uint64_t number, char *value, struct err *e);

/* Of what is loaded, in the map; else a setting of the object. */
int act_variable(struct tree *tree, const struct caller *caller,
		 uint64_t number, char *value, struct err *e);

#endif
