// SPDX-License-Identifier: BSD-2-Clause
/* area_builtin.c - the directory of a program that comes with probefs. */
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"

static int show_builtin_info(const struct file *row, const struct view *view,
			     FILE *out, struct err *e)
{
	const struct builtin *builtin = &builtins[view->node.object];

	(void)row;
	(void)e;
	fprintf(out, "name:\t%s\nhelp:\t%s\nfile:\t%s\n", builtin->name,
		builtin->help, builtin->file);
	return 0;
}

static const struct file builtin_files[] = {
	READ_ONLY("info", show_builtin_info,
		  "what it does, and the file that a probe has with it"),
	{ 0 },
};

static int builtin_refer(const struct caller *caller, struct node node,
			 struct reference *out, struct err *e)
{
	(void)caller;
	if (node.slot != SLOT_SELF)
		return area_refer_nothing(e);
	out->builtin = &builtins[node.object];
	return 0;
}

/* As the directory that it is in. */
static int builtin_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	uint64_t dir = node_number(AREA_PROGS, 0, SLOT_SELF);

	area_mount_attr(tree, number, attr);
	meta_apply(tree, dir, attr);
	attr->st_mtim = tree->started;
	return 0;
}

const struct area area_builtin = {
	.holds = HOLDS_FILES,
	.files = builtin_files,
	.attr = builtin_attr,
	.refer = builtin_refer,
	.error = area_mount_error,
};
