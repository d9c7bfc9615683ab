// SPDX-License-Identifier: BSD-2-Clause
/* object.c - what is in an object file: held by many, freed by the last. */
#include <stdlib.h>

#include "attach/program/object.h"
#include "scope.h"

static void free_programs(struct object *object)
{
	struct object_program *program;
	size_t i;

	for (i = 0; i < object->nprograms; i++) {
		program = &object->programs[i];
		free(program->name);
		free(program->section);
		free(program->kernel_name);
		free(program->target);
		fd_close(program->fd);
	}
	free(object->programs);
}

static void free_maps(struct object *object)
{
	size_t i;

	for (i = 0; i < object->nmaps; i++) {
		free(object->maps[i].name);
		fd_close(object->maps[i].fd);
	}
	free(object->maps);
}

static void free_variables(struct object *object)
{
	size_t i;

	for (i = 0; i < object->nvariables; i++) {
		free(object->variables[i].name);
		free(object->variables[i].type);
		free(object->variables[i].value);
	}
	free(object->variables);
}

struct object *object_hold(struct object *object)
{
	__atomic_fetch_add(&object->holders, 1, __ATOMIC_RELAXED);
	return object;
}

void object_put(struct object *object)
{
	if (!object ||
	    __atomic_sub_fetch(&object->holders, 1, __ATOMIC_ACQ_REL))
		return;
	free_programs(object);
	free_maps(object);
	free_variables(object);
	free(object->license);
	free(object->needs);
	free(object);
}
