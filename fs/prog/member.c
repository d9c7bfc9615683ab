// SPDX-License-Identifier: BSD-2-Clause
/* member.c - programs, maps and variables of an object. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "fs/prog/member.h"

static size_t count_programs(const struct object *object)
{
	return object->nprograms;
}

static size_t count_maps(const struct object *object)
{
	return object->nmaps;
}

static size_t count_variables(const struct object *object)
{
	return object->nvariables;
}

static const char *name_program(const struct object *object, size_t index)
{
	return object->programs[index].name;
}

static const char *name_map(const struct object *object, size_t index)
{
	return object->maps[index].name;
}

static const char *name_variable(const struct object *object, size_t index)
{
	return object->variables[index].name;
}

const struct member_sort member_sorts[NMEMBERS] = {
	[MEMBERS_PROGRAMS] = { "program", AREA_LOADED_PROGRAM, SLOT_SELF,
			       count_programs, name_program },
	[MEMBERS_MAPS] = { "map", AREA_LOADED_MAP, SLOT_SELF, count_maps,
			   name_map },
	[MEMBERS_VARIABLES] = { "data", AREA_VARIABLE, SLOT_FILES,
				count_variables, name_variable },
};

enum members member_sort_of(struct node node)
{
	enum members sort;

	if (node.area == AREA_MEMBERS)
		return (enum members)(node.object & 3);
	if (node.area == AREA_LOADED_RUN)
		return MEMBERS_PROGRAMS;
	for (sort = 0; sort < NMEMBERS; sort++)
		if (member_sorts[sort].area == node.area)
			break;
	return sort;
}

int member_get(struct tree *tree, struct node node, struct member *out,
	       struct err *e)
{
	uint64_t number = node_number(node.area, node.object, SLOT_SELF);
	const struct member_sort *sort = &member_sorts[member_sort_of(node)];
	const struct upload *upload;
	int err = -ENOENT;

	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	*out = (struct member){ .index = node.object & 0xffff };
	if (upload) {
		out->object = object_hold(upload_object(upload));
		out->is_loaded = upload->set;
		out->loader = upload->set ? upload->set->uid : 0;
		out->upload = upload_number(upload);
		if (out->index < sort->count(out->object))
			err = 0;
	}
	pthread_mutex_unlock(&tree->lock);
	if (!err)
		return 0;
	member_put(out);
	return fail(e, ENOENT, "it is of another object by now");
}

void member_put(struct member *member)
{
	object_put(member->object);
	member->object = NULL;
}

int member_check(const struct member *member, const struct caller *caller,
		 struct err *e)
{
	if (!member->is_loaded || member->loader == caller->uid ||
	    caller_may_use_ids(caller))
		return 0;
	return fail(
		e, EPERM,
		"it was loaded by user %u: that takes this user, or CAP_SYS_ADMIN",
		member->loader);
}

int member_fd(const struct member *member, enum members sort, struct err *e)
{
	int fd = sort == MEMBERS_PROGRAMS ? member_program(member)->fd
					  : member_map(member)->fd;

	if (!member->is_loaded)
		return fail(
			e, ENODATA,
			"it is not loaded; write 1 to 'load' of its object");
	if (fd < 0)
		return fail(
			e, ENODATA,
			"it was not loaded with its object: 'autoload' is 0");
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? fail(e, errno, "no descriptor is left") : fd;
}

char *member_path(const struct member *member, struct node node,
		  const char *file)
{
	enum members of = member_sort_of(node);
	const struct member_sort *sort = &member_sorts[of];
	const char *name = sort->name(member->object, member->index);
	char *path;
	int length;

	if (of == MEMBERS_VARIABLES)
		length = asprintf(&path, "%s/%s", sort->dir, name);
	else
		length = asprintf(&path, "%s/%s/%s", sort->dir, name, file);
	return length < 0 ? NULL : path;
}
