// SPDX-License-Identifier: BSD-2-Clause
/* area.c - the table of areas, and what several have in common. */
#include <errno.h>

#include "fs/tree/area.h"

extern const struct area area_root, area_kind, area_progs, area_links,
	area_prog, area_link, area_scratch_file, area_scratch_dir, area_probe;

const struct area *const areas[] = {
	[AREA_ROOT] = &area_root,
	[AREA_KIND] = &area_kind,
	[AREA_PROGS] = &area_progs,
	[AREA_LINKS] = &area_links,
	[AREA_PROG] = &area_prog,
	[AREA_LINK] = &area_link,
	[AREA_SCRATCH_FILE] = &area_scratch_file,
	[AREA_SCRATCH_DIR] = &area_scratch_dir,
	[AREA_PROBE] = &area_probe,
};

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

int area_refer(const struct own *own, const struct caller *caller,
	       uint64_t number, struct reference *out, struct err *e)
{
	const struct area *area = area_at(number);

	(void)own;
	if (area->refer)
		return area->refer(caller, node_of(number), out, e);
	return area_refer_nothing(e);
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

char **area_mount_error(struct tree *tree, uint64_t number)
{
	(void)number;
	return &tree->error;
}
