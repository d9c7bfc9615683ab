// SPDX-License-Identifier: BSD-2-Clause
/* area_variable.c - data/V of prog/NAME, which are files. */
#include "fs/prog/act.h"
#include "fs/prog/area_prog.h"
#include "fs/prog/member.h"
#include "fs/tree/meta.h"

/* From the object, or what was set. */
static int show_variable(const struct file *row, const struct view *view,
			 FILE *out, struct err *e)
{
	struct member member;
	int err = member_get(view->tree, view->node, &member, e);

	(void)row;
	if (err)
		return err;
	fprintf(out, "%s\n", member_variable(&member)->value);
	member_put(&member);
	return 0;
}

/* The one file that each such node is. */
static const struct file variable_files[] = {
	SETTING("value", act_setting, show_variable,
		"a global variable, by its type in BTF"),
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
