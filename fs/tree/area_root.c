// SPDX-License-Identifier: BSD-2-Clause
/* area_root.c - the root: a directory for each kind, and of objects. */
#include <errno.h>
#include <string.h>

#include "array.h"
#include "fs/tree/area.h"
#include "fs/tree/area_common.h"
#include "fs/tree/show.h"

/* clang-format off */
static const struct file root_files[] = {
	READ_ONLY("README", show_readme, "how to use this file system"),
	READ_ONLY("features", show_features, "what this kernel can do, and why not"),
	TELLS_ADDRESSES("error", show_dir_error, "why what was last asked of this directory was refused"),
	{ 0 },
};
/* clang-format on */

static const struct {
	const char *name;
	unsigned int area;
} object_dirs[] = {
	{ "prog", AREA_PROGS },
	{ "link", AREA_LINKS },
};

enum { NOBJECT_DIRS = COUNT(object_dirs) };

/* Child n of the root: kinds first, then the directories of objects. */
static const char *root_child(const struct tree *tree, size_t n,
			      uint64_t *number)
{
	if (n < tree->nkind_dirs) {
		*number = node_number(AREA_KIND, n, SLOT_SELF);
		return tree->kind_dirs[n].kind->name;
	}
	n -= tree->nkind_dirs;
	if (n >= NOBJECT_DIRS)
		return NULL;
	*number = node_number(object_dirs[n].area, 0, SLOT_SELF);
	return object_dirs[n].name;
}

static int root_lookup(struct tree *tree, uint64_t dir, const char *name,
		       uint64_t *number)
{
	const char *child;
	size_t n;

	(void)dir;
	for (n = 0; (child = root_child(tree, n, number)); n++)
		if (!strcmp(child, name))
			return 0;
	return -ENOENT;
}

static void root_list(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink)
{
	const char *child;
	uint64_t number;

	(void)dir;
	while ((child = root_child(tree, after, &number))) {
		after++;
		if (!area_add_child(sink, child, number, true, after))
			return;
	}
}

const struct area area_root = {
	.holds = HOLDS_KINDS,
	.files = root_files,
	.lookup = root_lookup,
	.list = root_list,
	.attr = area_mount_attr,
	.error = area_mount_error,
};
