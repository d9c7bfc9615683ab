// SPDX-License-Identifier: BSD-2-Clause
/* area_link.c - the kernel's links by id. */
#include <errno.h>
#include <inttypes.h>

#include "attach/kernel/link/link_info.h"
#include "attach/kernel/link/link_update.h"
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"
#include "fs/tree/objects.h"
#include "fs/tree/show.h"
#include "scope.h"

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

static int show_link_info(const struct file *row, const struct view *view,
			  FILE *out, struct err *e)
{
	(void)row;
	return link_show((uint32_t)view->node.object, out, e);
}

/* A reference, so that what is read can be written, here or to `attach`. */
static int show_content(const struct file *row, const struct view *view,
			FILE *out, struct err *e)
{
	scoped_fd int fd = link_open((uint32_t)view->node.object, e);
	struct link_content content;
	int err;

	(void)row;
	if (fd < 0)
		return fd;
	err = link_content(fd, &content);
	if (err)
		return fail(e, -err, "the kernel does not describe the link");
	if (content.id)
		fprintf(out, "id:%" PRIu32 "\n", content.id);
	return 0;
}

static const struct file link_files[] = {
	TELLS_ADDRESSES("info", show_link_info,
			"what the kernel says of the link"),
	ACTS("prog", ACT_LINK_PROG, show_content,
	     "its program; write another, or 'NEW if OLD'"),
	OBJECT_PIN(ACT_LINK_PIN),
	OBJECT_WRITE("detach", ACT_LINK_DETACH,
		     "write 1 to take it off, whoever holds it"),
	SLOW("holders", show_object_holders,
	     "processes that have a descriptor of it"),
	READ_ONLY("error", show_dir_error, "why the last write was refused"),
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
	return object_refer(caller, "link/", node, out, e);
}

const struct area area_link = {
	.holds = HOLDS_FILES,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = link_files,
	.attr = link_attr,
	.refer = link_refer,
	.error = object_error,
};
