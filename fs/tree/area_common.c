// SPDX-License-Identifier: BSD-2-Clause
/* area_common.c - what several areas have in common. */
#include <errno.h>
#include <string.h>

#include "fs/tree/area_common.h"

bool area_add_child(struct dir_sink *sink, const char *name, uint64_t number,
		    bool is_dir, uint64_t place)
{
	return sink->add(sink, name, number, is_dir, PLACE_CHILDREN + place);
}

static uint64_t run_number(uint64_t dir)
{
	struct node node = node_of(dir);

	return node_number(node.area == AREA_PROG ? AREA_PROG_RUN
						  : AREA_LOADED_RUN,
			   node.object, SLOT_SELF);
}

int area_run_lookup(struct tree *tree, uint64_t dir, const char *name,
		    uint64_t *number)
{
	(void)tree;
	if (strcmp(name, "run") != 0)
		return -ENOENT;
	*number = run_number(dir);
	return 0;
}

void area_run_list(struct tree *tree, uint64_t dir, uint64_t after,
		   struct dir_sink *sink)
{
	(void)tree;
	if (!after)
		area_add_child(sink, "run", run_number(dir), true, 1);
}

int area_refer_nothing(struct err *e)
{
	return fail(e, EINVAL,
		    "a file of probefs, but none of a program or a link");
}

int area_mount_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct policy *policy = tree->policy;

	(void)number;
	attr->st_mode = S_IFDIR | policy->mode;
	attr->st_uid = policy->uid;
	attr->st_gid = policy->gid;
	attr->st_mtim = tree->started;
	return 0;
}

char **area_mount_error(struct tree *tree, uint64_t number, bool make)
{
	(void)make;
	(void)number;
	return &tree->error;
}
