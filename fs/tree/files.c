// SPDX-License-Identifier: BSD-2-Clause
/* files.c - the tables of files, and looking things up in them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/files.h"
#include "fs/tree/show.h"
#include "fs/user/addresses.h"
#include "fs/user/reference.h"
#include "scope.h"

static int show_help(const struct file *row, const struct view *view, FILE *out,
		     struct err *e)
{
	const struct kind *kind = view->kind;
	const struct builtin *builtin;
	const struct field *field;
	struct node probe = {
		.area = AREA_PROBE + (unsigned int)view->node.object,
	};
	struct file file;

	(void)row;
	(void)e;
	fprintf(out, "%s: %s\n\nnames: %s\nexample: mkdir '%s'\n\nfiles:\n",
		kind->name, kind->help, kind->grammar, kind->example);
	for (field = kind->fields; field->name; field++)
		fprintf(out, "  %-16s %s (%s)\n", field->name, field->help,
			field->type->form);
	for (probe.slot = SLOT_FILES; probe.slot < SLOT_FIELDS; probe.slot++)
		if (file_of(probe, &file))
			fprintf(out, "  %-16s %s\n", file.name, file.help);
	for (builtin = builtins; builtin->name; builtin++)
		fprintf(out, "  %-16s there while '%s' is attached: %s\n",
			builtin->file, builtin->name, builtin->help);
	fputs("\nwhat may be written to attach:\n", out);
	reference_help(out);
	return 0;
}

#define READ_ONLY(row_name, shower, text_help)                       \
	{                                                            \
		.name = (row_name), .mode = 0444, .text = TEXT_NONE, \
		.show = (shower), .help = (text_help)                \
	}

/* One that may tell addresses of the kernel. */
#define TELLS_ADDRESSES(row_name, shower, text_help)                     \
	{                                                                \
		.name = (row_name), .mode = 0444, .text = TEXT_NONE,     \
		.show = (shower), .help = (text_help), .addresses = true \
	}

/* clang-format off */
static const struct file root_files[] = {
	READ_ONLY("README", show_readme, "how to use this file system"),
	READ_ONLY("features", show_features, "what this kernel can do, and why not"),
	TELLS_ADDRESSES("error", show_dir_error, "why what was last asked of this directory was refused"),
	{ 0 },
};

static const struct file kind_files[] = {
	READ_ONLY("help", show_help, "the names and files of this kind"),
	{
		.name = "available",
		.mode = 0444,
		.text = TEXT_NONE,
		.slow = true,
		.show = show_available,
		.help = "what can be probed, a line each",
	},
	TELLS_ADDRESSES("error", show_dir_error, "why what was last asked of this directory was refused"),
	{ 0 },
};

static const struct file probe_files[] = {
	{
		.name = "attach",
		.mode = 0644,
		.text = TEXT_ATTACH,
		.fallback = "",
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
	{ 0 },
};

static const struct file link_file = {
	.name = "",
	.mode = 0400,
	.text = TEXT_NONE,
	.show = show_link,
	.addresses = true,
};

static const struct file prog_file = {
	.name = "",
	.mode = 0400,
	.text = TEXT_NONE,
	.show = show_prog,
};
/* clang-format on */

static const struct file *table_of(struct node node)
{
	static const struct file none[] = { { 0 } };

	if (node.area >= AREA_PROBE)
		return probe_files;
	if (node.area == AREA_KIND)
		return kind_files;
	return node.area == AREA_ROOT ? root_files : none;
}

static size_t rows(const struct file *table)
{
	size_t count = 0;

	while (table[count].name)
		count++;
	return count;
}

static bool builtin_file(struct node node, size_t row, struct file *file)
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
	if (node.area == AREA_PROGS) {
		file->name = builtins[row].name;
		file->show = show_builtin_help;
	}
	return node.area == AREA_PROGS || node.area >= AREA_PROBE;
}

static bool field_file(struct node node, size_t row, struct file *file)
{
	const struct kind *kind = kind_of(node);

	if (node.area < AREA_PROBE || !kind || row >= kind_field_count(kind))
		return false;
	*file = (struct file){ .name = kind->fields[row].name,
			       .mode = 0644,
			       .text = (unsigned int)(TEXT_FIELDS + row),
			       .show = show_field,
			       .help = kind->fields[row].help };
	return true;
}

static bool common_file(struct node node, size_t row, struct file *file)
{
	const struct file *table = table_of(node);
	const struct kind *kind = kind_of(node);

	if (row >= rows(table))
		return false;
	*file = table[row];
	if (file->in_file && kind && !kind->open)
		return false;
	return !(file->slow && node.area >= AREA_PROBE && kind && !kind->lists);
}

bool file_of(struct node node, struct file *file)
{
	if (node.area == AREA_LINK || node.area == AREA_PROG) {
		*file = node.area == AREA_LINK ? link_file : prog_file;
		return true;
	}
	if (node.slot >= SLOT_BUILTINS)
		return builtin_file(node, node.slot - SLOT_BUILTINS, file);
	if (node.slot >= SLOT_FIELDS)
		return field_file(node, node.slot - SLOT_FIELDS, file);
	return node.slot >= SLOT_FILES &&
	       common_file(node, node.slot - SLOT_FILES, file);
}

bool file_hidden(const struct probe *probe, unsigned int slot)
{
	return probe->hidden[slot / 64] >> slot % 64 & 1;
}

/* A built-in program's file is there while the program is attached. */
static bool exists(struct tree *tree, uint64_t dir, unsigned int slot)
{
	const struct probe *probe;

	if (slot < SLOT_BUILTINS || node_of(dir).area < AREA_PROBE)
		return true;
	probe = tree_find(tree, dir);
	return probe && probe->attached &&
	       probe->attached->builtin == &builtins[slot - SLOT_BUILTINS];
}

/* The next slot with a file, hidden or not; 0 at the end. */
static unsigned int next_slot(struct tree *tree, uint64_t dir,
			      unsigned int slot, struct file *file)
{
	struct node node = node_of(dir);

	while (++slot < SLOT_END) {
		node.slot = slot;
		if (slot >= SLOT_FILES && file_of(node, file) &&
		    exists(tree, dir, slot))
			return slot;
	}
	return 0;
}

bool file_next(struct tree *tree, uint64_t dir, unsigned int after,
	       unsigned int *slot, struct file *file)
{
	const struct probe *probe = tree_find(tree, dir);

	*slot = after;
	do
		*slot = next_slot(tree, dir, *slot, file);
	while (*slot && probe && file_hidden(probe, *slot));
	return *slot;
}

bool file_named(struct tree *tree, uint64_t dir, const char *name,
		unsigned int *slot, struct file *file)
{
	*slot = 0;
	while ((*slot = next_slot(tree, dir, *slot, file)))
		if (!strcmp(file->name, name))
			return true;
	return false;
}

bool file_find(struct tree *tree, uint64_t dir, const char *name,
	       unsigned int *slot)
{
	const struct probe *probe = tree_find(tree, dir);
	struct file file;

	return file_named(tree, dir, name, slot, &file) &&
	       !(probe && file_hidden(probe, *slot));
}

int file_text(struct tree *tree, uint64_t number, const struct caller *caller,
	      char **text, size_t *size, struct err *e)
{
	struct file file;
	struct view view;
	FILE *out;
	int err;

	*text = NULL;
	if (!file_of(node_of(number), &file))
		return fail(e, ENOENT, "no such file");
	pthread_mutex_lock(&tree->lock);
	err = view_take(tree, number, caller, &view);
	pthread_mutex_unlock(&tree->lock);
	out = err ? NULL : open_memstream(text, size);
	if (out) {
		err = file.show(&file, &view, out, e);
		if (fclose(out) && !err)
			err = fail(e, ENOMEM, "no memory");
	} else if (!err) {
		err = fail(e, ENOMEM, "no memory");
	}
	view_drop(&view);
	if (err) {
		free(*text);
		*text = NULL;
	} else if (file.addresses) {
		addresses_hide(*text, *size, caller);
	}
	return err;
}
