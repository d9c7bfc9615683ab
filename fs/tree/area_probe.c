// SPDX-License-Identifier: BSD-2-Clause
/* area_probe.c - probes, and whatever is made beside their files. */
#include <errno.h>

#include "fs/tree/area_common.h"
#include "fs/tree/attached.h"
#include "fs/tree/files.h"
#include "fs/tree/scratch.h"
#include "fs/tree/show.h"

/* clang-format off */
static const struct file probe_files[] = {
	{
		.name = "attach",
		.mode = 0644,
		.text = TEXT_ATTACH,
		.fallback = "",
		.last = true,
		.show = show_attach,
		.help = "the program; an empty line detaches",
	},
	{
		.name = "cookie",
		.mode = 0644,
		.text = TEXT_COOKIE,
		.fallback = "0\n",
		.show = show_text,
		.help = "a number that bpf_get_attach_cookie() gives the program",
	},
	{
		.name = "pin",
		.mode = 0644,
		.text = TEXT_PIN,
		.fallback = "",
		.show = show_pin,
		.help = "a path in a bpffs that keeps the link; an empty line unpins",
	},
	{
		.name = "enabled",
		.mode = 0644,
		.text = TEXT_ENABLED,
		.fallback = "1\n",
		.show = show_text,
		.help = "0 takes the link away and keeps the rest, 1 makes it again",
	},
	TELLS_ADDRESSES("info", show_info, "what the kernel says of the link"),
	TELLS_ADDRESSES("sites", show_sites, "a line for each place: where, symbol, link, missed"),
	TELLS_ADDRESSES("error", show_error, "why the last refused write was refused"),
	{
		.name = "available",
		.mode = 0444,
		.text = TEXT_NONE,
		.slow = true,
		.show = show_available,
		.help = "what can be probed in the file of 'path'",
	},
	{
		.name = "follow",
		.mode = 0644,
		.text = TEXT_FOLLOW,
		.fallback = "0\n",
		.in_file = true,
		.show = show_text,
		.help = "1 makes the probe anew when another file comes to be at 'path'",
	},
	{
		.name = "config",
		.mode = 0644,
		.text = TEXT_CONFIG,
		.last = true,
		.show = show_config,
		.help = "all of these that are written, a line 'file: value' each, in one write",
	},
	/* What is there is what the kernel has, so it is its owner's alone. */
	{
		.name = "output",
		.mode = 0400,
		.text = TEXT_NONE,
		.stream = true,
		.show = show_stream,
		.help = "what the program prints; each open makes a run",
	},
	{ 0 },
};
/* clang-format on */

static bool probe_has(struct node node, const struct file *file)
{
	const struct kind *kind = kind_of(node);

	if (!kind || (file->in_file && !kind->open))
		return false;
	if (file->stream && !(kind->traits & KIND_OUTPUT))
		return false;
	return !file->slow || kind->lists;
}

static bool field_file(struct node node, size_t row, struct file *file)
{
	const struct kind *kind = kind_of(node);

	if (!kind || row >= kind_field_count(kind))
		return false;
	*file = (struct file){ .name = kind->fields[row].name,
			       .mode = 0644,
			       .text = (unsigned int)(TEXT_FIELDS + row),
			       .show = show_field,
			       .help = kind->fields[row].help };
	return true;
}

static bool builtin_file(size_t row, struct file *file)
{
	size_t count = 0;

	while (builtins[count].name)
		count++;
	if (row >= count)
		return false;
	*file = (struct file){ .name = builtins[row].file,
			       .mode = 0444,
			       .text = TEXT_NONE,
			       .show = show_builtin,
			       .help = builtins[row].help };
	return true;
}

static bool probe_more_files(struct node node, struct file *file)
{
	if (node.slot >= SLOT_BUILTINS)
		return builtin_file(node.slot - SLOT_BUILTINS, file);
	return field_file(node, node.slot - SLOT_FIELDS, file);
}

/* A built-in program's file is there while the program is attached. */
static bool probe_has_now(struct tree *tree, uint64_t dir, unsigned int slot)
{
	const struct probe *probe;

	if (slot < SLOT_BUILTINS)
		return true;
	probe = tree_find(tree, dir);
	return probe && probe->attached &&
	       probe->attached->builtin == &builtins[slot - SLOT_BUILTINS];
}

/* Scratch, beside a probe's files */

int area_scratch_lookup(struct tree *tree, uint64_t dir, const char *name,
			uint64_t *number)
{
	struct nest *nest = nest_of(tree, dir);
	const struct scratch *scratch =
		nest ? scratch_named(tree, nest, name) : NULL;

	if (!scratch)
		return -ENOENT;
	*number = scratch->number;
	return 0;
}

/* Files and directories are numbered in two areas: a place tells which. */
static uint64_t scratch_place(uint64_t number)
{
	struct node node = node_of(number);

	return node.object << 1 | (node.area == AREA_SCRATCH_DIR);
}

static uint64_t scratch_at(uint64_t place)
{
	return node_number(place & 1 ? AREA_SCRATCH_DIR : AREA_SCRATCH_FILE,
			   place >> 1, SLOT_SELF);
}

/* What has the name of a built-in program's file is seen when that has gone. */
bool area_scratch_add(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink)
{
	struct nest *nest = nest_of(tree, dir);
	const struct scratch *scratch = NULL;
	uint64_t number = after ? scratch_at(after) : 0;
	unsigned int slot;

	while (nest && (scratch = scratch_next(tree, nest, number))) {
		number = scratch->number;
		if (file_find(tree, dir, scratch->name, &slot))
			continue;
		if (!area_add_child(sink, scratch->name, number,
				    S_ISDIR(scratch->mode),
				    scratch_place(number)))
			return false;
	}
	return true;
}

static void probe_list(struct tree *tree, uint64_t dir, uint64_t after,
		       struct dir_sink *sink)
{
	area_scratch_add(tree, dir, after, sink);
}

static int probe_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct probe *probe = tree_find(tree, number);

	if (!probe)
		return -ENOENT;
	attr->st_mode = S_IFDIR | probe->config.mode;
	attr->st_uid = probe->config.uid;
	attr->st_gid = probe->config.gid;
	attr->st_mtim = probe->config.made;
	return 0;
}

static int probe_view(struct tree *tree, uint64_t number, struct view *view)
{
	struct probe *probe = tree_find(tree, number);
	int err = probe ? config_copy(&probe->config, &view->config) : -ENOENT;

	if (err)
		return err;
	view->attached = attached_get(probe);
	view->waiting = probe->prog_fd >= 0;
	return pins_take(probe, &view->pins);
}

static uint64_t *probe_hidden(struct tree *tree, uint64_t dir)
{
	struct probe *probe = tree_find(tree, dir);

	return probe ? probe->nest.hidden : NULL;
}

static struct nest *probe_nest(struct tree *tree, uint64_t dir)
{
	struct probe *probe = tree_find(tree, dir);

	return probe ? &probe->nest : NULL;
}

static char **probe_error(struct tree *tree, uint64_t number, bool make)
{
	struct probe *probe = tree_find(tree, number);

	(void)make;
	return probe ? &probe->config.error : NULL;
}

const struct area area_probe = {
	.holds = HOLDS_SCRATCH,
	.files_move = true,
	.files = probe_files,
	.has = probe_has,
	.more_files = probe_more_files,
	.has_now = probe_has_now,
	.hidden = probe_hidden,
	.nest = probe_nest,
	.lookup = area_scratch_lookup,
	.list = probe_list,
	.attr = probe_attr,
	.view = probe_view,
	.error = probe_error,
};

/* Scratch */

static int scratch_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct scratch *scratch = scratch_find(tree, number);

	if (!scratch)
		return -ENOENT;
	attr->st_nlink = scratch->gone ? 0 : 1;
	attr->st_mode = scratch->mode;
	attr->st_uid = scratch->uid;
	attr->st_gid = scratch->gid;
	attr->st_mtim = scratch->written;
	attr->st_size = (off_t)scratch->size;
	return 0;
}

/* The error of the directory that it is in. */
static char **scratch_error(struct tree *tree, uint64_t number, bool make)
{
	const struct scratch *scratch = scratch_find(tree, number);

	if (!scratch)
		return NULL;
	return area_at(scratch->dir)->error(tree, scratch->dir, make);
}

const struct area area_scratch_file = {
	.holds = HOLDS_NOTHING,
	.is_file = true,
	.comes_and_goes = true,
	.attr = scratch_attr,
	.error = scratch_error,
};

const struct area area_scratch_dir = {
	.holds = HOLDS_NOTHING,
	.comes_and_goes = true,
	.attr = scratch_attr,
	.error = scratch_error,
};
