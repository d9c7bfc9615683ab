// SPDX-License-Identifier: BSD-2-Clause
/* area_progs.c - prog/: what is built in, loaded here, and the kernel's. */
#include <errno.h>

#include "fs/prog/upload.h"
#include "fs/tree/area_common.h"
#include "fs/tree/objects.h"
#include "fs/tree/show.h"

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

/* No id is a name of ours. */
static int prog_lookup(struct tree *tree, uint64_t dir, const char *name,
		       uint64_t *number)
{
	const struct upload *upload;

	(void)dir;
	pthread_mutex_lock(&tree->lock);
	upload = upload_named(tree, name);
	if (upload)
		*number = upload_number(upload);
	pthread_mutex_unlock(&tree->lock);
	return upload ? 0
		      : object_lookup(AREA_PROG, bpf_prog_next, name, number);
}

/* Places in a listing: ids of the kernel have 32 bits. */
#define PLACE_LOADED (UINT64_C(1) << 32)

static void list_loaded(struct tree *tree, uint64_t after,
			struct dir_sink *sink)
{
	const struct upload *upload;
	bool more = true;

	pthread_mutex_lock(&tree->lock);
	while (more && (upload = upload_next(tree, after))) {
		after = upload->id;
		more = area_add_child(sink, upload->name, upload_number(upload),
				      true, PLACE_LOADED + after);
	}
	pthread_mutex_unlock(&tree->lock);
}

/* What a full listing ends with is where it goes on. */
static void prog_list(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink)
{
	(void)dir;
	if (after < PLACE_LOADED &&
	    !object_list(AREA_PROG, bpf_prog_next, after, sink))
		return;
	list_loaded(tree, after < PLACE_LOADED ? 0 : after - PLACE_LOADED,
		    sink);
}

static const struct file progs_files[] = {
	TELLS_ADDRESSES(
		"error", show_dir_error,
		"why what was last asked of this directory was refused"),
	{ 0 },
};

const struct area area_progs = {
	.holds = HOLDS_PROGRAMS,
	.files = progs_files,
	.more_files = builtin_files,
	.lookup = prog_lookup,
	.list = prog_list,
	.unlocked = true,
	.attr = area_mount_attr,
	.refer = builtin_refer,
	.error = area_mount_error,
};
