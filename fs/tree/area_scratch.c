// SPDX-License-Identifier: BSD-2-Clause
/* area_scratch.c - what is made beside a probe's files. */
#include <errno.h>

#include "fs/tree/area.h"
#include "fs/tree/scratch.h"

static int scratch_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct scratch *scratch = scratch_find(tree, number);

	if (!scratch)
		return -ENOENT;
	attr->st_nlink = scratch->gone ? 0 : 1;
	attr->st_mode = scratch->mode;
	attr->st_uid = scratch->uid;
	attr->st_gid = scratch->gid;
	attr->st_mtim = scratch->written;
	attr->st_size = (off_t)scratch->size;
	return 0;
}

/* The error of the probe that it is beside. */
static char **scratch_error(struct tree *tree, uint64_t number)
{
	const struct scratch *scratch = scratch_find(tree, number);
	struct probe *probe = scratch ? tree_find(tree, scratch->dir) : NULL;

	return probe ? &probe->config.error : NULL;
}

const struct area area_scratch_file = {
	.holds = HOLDS_NOTHING,
	.is_file = true,
	.comes_and_goes = true,
	.attr = scratch_attr,
	.error = scratch_error,
};

const struct area area_scratch_dir = {
	.holds = HOLDS_NOTHING,
	.comes_and_goes = true,
	.attr = scratch_attr,
	.error = scratch_error,
};
