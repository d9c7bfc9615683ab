// SPDX-License-Identifier: BSD-2-Clause
/* area_common.c - what several areas have in common. */
#include <errno.h>

#include "fs/tree/area_common.h"

bool area_add_child(struct dir_sink *sink, const char *name, uint64_t number,
		    bool is_dir, uint64_t place)
{
	return sink->add(sink, name, number, is_dir, PLACE_CHILDREN + place);
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
