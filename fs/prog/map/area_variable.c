// SPDX-License-Identifier: BSD-2-Clause
/* area_variable.c - data/V of prog/NAME, which are files. */
#include "fs/prog/act.h"
#include "fs/prog/area_prog.h"
#include "fs/prog/map/map_act.h"
#include "fs/prog/map/map_member.h"
#include "fs/tree/meta.h"
#include "scope.h"

/* By the kernel's types of it: programs write it meanwhile. */
static int show_loaded(const struct member *member, const struct caller *caller,
		       FILE *out, struct err *e)
{
	struct map_variable variable;
	int err;

	scoped_fd int fd = map_member_variable(member, caller, &variable, e);

	err = fd < 0 ? fd : map_variable_show(fd, &variable, out, e);
	if (!err)
		putc('\n', out);
	return err;
}

/* From the map, or else from the object, or what was set. */
static int show_variable(const struct file *row, const struct view *view,
			 FILE *out, struct err *e)
{
	struct member member;
	int err = member_get(view->tree, view->node, &member, e);

	(void)row;
	if (err)
		return err;
	if (member.is_loaded)
		err = show_loaded(&member, view->caller, out, e);
	else
		fprintf(out, "%s\n", member_variable(&member)->value);
	member_put(&member);
	return err;
}

/* The one file that each such node is. */
static const struct file variable_files[] = {
	{
		.name = "data",
		.mode = 0600,
		.text = TEXT_NONE,
		.write = act_variable,
		.show = show_variable,
		.help = "a global variable, by its type in BTF",
	},
	{ 0 },
};

const struct area area_variable = {
	.holds = HOLDS_MEMBERS,
	.is_file = true,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = variable_files,
	.attr = area_member_attr,
	.error = area_loaded_error,
};
