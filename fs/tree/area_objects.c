// SPDX-License-Identifier: BSD-2-Clause
/* area_objects.c - the programs and links of the kernel, by id. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "attach/kernel/bpf.h"
#include "fs/tree/area.h"
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"
#include "fs/tree/show.h"

/*
 * Whether there is one of that id: the first above the one before.  It is not
 * opened, since to close it could be what frees it.
 */
static int object_lookup(unsigned int area, int (*next)(uint32_t *id),
			 const char *name, uint64_t *number)
{
	unsigned long id;
	uint32_t found;
	char *end;

	if (!isdigit((unsigned char)name[0]) || name[0] == '0')
		return -ENOENT;
	id = strtoul(name, &end, 10);
	if (*end || id > UINT32_MAX)
		return -ENOENT;
	found = (uint32_t)id - 1;
	if (next(&found) || found != id)
		return -ENOENT;
	*number = node_number(area, id, SLOT_SELF);
	return 0;
}

static void object_list(unsigned int area, int (*next)(uint32_t *id),
			uint64_t after, struct dir_sink *sink)
{
	uint32_t id = (uint32_t)after;
	char name[16];

	while (!next(&id)) {
		snprintf(name, sizeof(name), "%" PRIu32, id);
		if (!area_add_child(sink, name,
				    node_number(area, id, SLOT_SELF), false,
				    id))
			return;
	}
}

/* They are their directory's owner's, and are as open as that is. */
static int object_attr(struct tree *tree, unsigned int area, struct stat *attr)
{
	uint64_t dir = node_number(area, 0, SLOT_SELF);

	area_mount_attr(tree, dir, attr);
	meta_apply(tree, dir, attr);
	return 0;
}

/* As the text says that names it by its id. */
static int object_refer(const struct caller *caller, const char *form,
			uint64_t id, struct reference *out, struct err *e)
{
	char text[32];
	int err;

	snprintf(text, sizeof(text), "%s%" PRIu64, form, id);
	err = reference_open(caller, text, out->want, out, e);
	if (err)
		e->pos = ERR_NO_POS; /* in a text that nobody wrote */
	return err;
}

/* Programs */

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

static const struct file prog_files[] = {
	{ .name = "", .mode = 0400, .text = TEXT_NONE, .show = show_prog },
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
	return object_refer(caller, "prog/", node.object, out, e);
}

const struct area area_prog = {
	.holds = HOLDS_NOTHING,
	.is_file = true,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = prog_files,
	.attr = prog_attr,
	.refer = prog_refer,
	.error = area_mount_error,
};

/* Links */

static int link_lookup(struct tree *tree, uint64_t dir, const char *name,
		       uint64_t *number)
{
	(void)tree;
	(void)dir;
	return object_lookup(AREA_LINK, bpf_link_next, name, number);
}

static void link_list(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink)
{
	(void)tree;
	(void)dir;
	object_list(AREA_LINK, bpf_link_next, after, sink);
}

const struct area area_links = {
	.holds = HOLDS_OBJECTS,
	.lookup = link_lookup,
	.list = link_list,
	.unlocked = true,
	.attr = area_mount_attr,
	.error = area_mount_error,
};

static const struct file link_files[] = {
	{ .name = "",
	  .mode = 0400,
	  .text = TEXT_NONE,
	  .show = show_link,
	  .addresses = true },
	{ 0 },
};

static int link_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	(void)number;
	return object_attr(tree, AREA_LINKS, attr);
}

static int link_refer(const struct caller *caller, struct node node,
		      struct reference *out, struct err *e)
{
	return object_refer(caller, "link/", node.object, out, e);
}

const struct area area_link = {
	.holds = HOLDS_NOTHING,
	.is_file = true,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = link_files,
	.attr = link_attr,
	.refer = link_refer,
	.error = area_mount_error,
};
