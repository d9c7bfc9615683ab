/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader_variable.h - in the loader: the variables of an object.
 */
#ifndef ATTACH_PROGRAM_LOADER_LOADER_VARIABLE_H
#define ATTACH_PROGRAM_LOADER_LOADER_VARIABLE_H

#include "attach/program/loader/loader_object.h"

/* Of the object's: variables have `.data` and the like. */
const char *loader_map_name(const struct bpf_map *map);

/* All, with what they begin with; E2BIG. */
int loader_variables(const struct loader_object *object, struct object *out,
		     struct err *e);

int loader_variable_set(const struct loader_object *object, const char *name,
			const char *text, struct err *e);

#endif
