// SPDX-License-Identifier: BSD-2-Clause
/* area_prog.c - the kernel's programs by id. */
#include <errno.h>
#include <inttypes.h>

#include "attach/kernel/program.h"
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"
#include "fs/tree/objects.h"
#include "fs/tree/show.h"
#include "scope.h"

static int show_prog_info(const struct file *row, const struct view *view,
			  FILE *out, struct err *e)
{
	(void)row;
	return program_show((uint32_t)view->node.object, out, e);
}

static int show_links(const struct file *row, const struct view *view,
		      FILE *out, struct err *e)
{
	(void)row;
	return program_show_links((uint32_t)view->node.object, out, e);
}

static int show_maps(const struct file *row, const struct view *view, FILE *out,
		     struct err *e)
{
	(void)row;
	return program_show_maps((uint32_t)view->node.object, out, e);
}

static const struct file prog_files[] = {
	READ_ONLY("info", show_prog_info,
		  "what the kernel says of the program"),
	OBJECT_PIN(ACT_PROG_PIN),
	SLOW("links", show_links, "the ids of links that it is attached by"),
	READ_ONLY("maps", show_maps, "its maps: id, type, name"),
	SLOW("holders", show_object_holders,
	     "processes that have a descriptor of it"),
	READ_ONLY("error", show_dir_error, "why the last write was refused"),
	OBJECT_WRITE("bind", ACT_PROG_BIND,
		     "write a map, which the program then keeps as its own"),
	{ 0 },
};

static int prog_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	(void)number;
	return object_attr(tree, AREA_PROGS, attr);
}

static int prog_refer(const struct caller *caller, struct node node,
		      struct reference *out, struct err *e)
{
	return object_refer(caller, "prog/", node, out, e);
}

const struct area area_prog = {
	.holds = HOLDS_FILES,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = prog_files,
	.lookup = area_run_lookup,
	.list = area_run_list,
	.attr = prog_attr,
	.refer = prog_refer,
	.error = object_error,
};
