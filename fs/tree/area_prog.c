// SPDX-License-Identifier: BSD-2-Clause
/* area_prog.c - the built-in programs, and the kernel's by id. */
#include <errno.h>
#include <inttypes.h>

#include "attach/kernel/program.h"
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"
#include "fs/tree/objects.h"
#include "fs/tree/show.h"
#include "scope.h"

static int show_builtin_help(const struct file *row, const struct view *view,
			     FILE *out, struct err *e)
{
	const struct builtin *builtin =
		&builtins[view->node.slot - SLOT_BUILTINS];

	(void)row;
	(void)e;
	fprintf(out, "name:\t%s\nhelp:\t%s\nfile:\t%s\n", builtin->name,
		builtin->help, builtin->file);
	return 0;
}

/* The built-in programs, which are loaded when they are attached. */
static bool builtin_files(struct node node, struct file *file)
{
	size_t row = node.slot - SLOT_BUILTINS, count = 0;

	while (builtins[count].name)
		count++;
	if (node.slot < SLOT_BUILTINS || row >= count)
		return false;
	*file = (struct file)READ_ONLY(builtins[row].name, show_builtin_help,
				       builtins[row].help);
	return true;
}

static int builtin_refer(const struct caller *caller, struct node node,
			 struct reference *out, struct err *e)
{
	(void)caller;
	if (node.slot < SLOT_BUILTINS)
		return area_refer_nothing(e);
	out->builtin = &builtins[node.slot - SLOT_BUILTINS];
	return 0;
}

static int prog_lookup(struct tree *tree, uint64_t dir, const char *name,
		       uint64_t *number)
{
	(void)tree;
	(void)dir;
	return object_lookup(AREA_PROG, bpf_prog_next, name, number);
}

static void prog_list(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink)
{
	(void)tree;
	(void)dir;
	object_list(AREA_PROG, bpf_prog_next, after, sink);
}

const struct area area_progs = {
	.holds = HOLDS_OBJECTS,
	.more_files = builtin_files,
	.lookup = prog_lookup,
	.list = prog_list,
	.unlocked = true,
	.attr = area_mount_attr,
	.refer = builtin_refer,
	.error = area_mount_error,
};

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
	.attr = prog_attr,
	.refer = prog_refer,
	.error = object_error,
};
