// SPDX-License-Identifier: BSD-2-Clause
/* area_kind.c - the directory of a kind: its probes. */
#include <errno.h>

#include "fs/tree/area_common.h"
#include "fs/tree/files.h"
#include "fs/tree/show.h"
#include "fs/user/reference.h"

static void show_rights(const struct kind *kind, FILE *out)
{
	fprintf(out,
		"\nwho may use it: %s\nto attach a program that the writer has not loaded: %s\n",
		kind->traits & KIND_ALTERS
			? "root, and others if the mount option allow names it"
			: "whoever may write here",
		kind->capability ? kind_capability(kind) : "no capability");
}

static int show_help(const struct file *row, const struct view *view, FILE *out,
		     struct err *e)
{
	const struct kind *kind = view->kind;
	const struct builtin *builtin;
	const struct field *field;
	struct node probe = { .area = node_probe_area(view->node.object) };
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
	show_rights(kind, out);
	return 0;
}

/* clang-format off */
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
/* clang-format on */

static int kind_lookup(struct tree *tree, uint64_t dir, const char *name,
		       uint64_t *number)
{
	struct kind_dir *kind_dir = &tree->kind_dirs[node_of(dir).object];
	const struct probe *probe = kind_dir_find(kind_dir, name);

	if (!probe)
		return -ENOENT;
	*number = probe_number(probe);
	return 0;
}

static void kind_list(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink)
{
	struct kind_dir *kind_dir = &tree->kind_dirs[node_of(dir).object];
	const struct probe *probe;

	while ((probe = kind_dir_next(kind_dir, after))) {
		after = probe->id;
		if (!area_add_child(sink, probe->config.name,
				    probe_number(probe), true, after))
			return;
	}
}

static uint64_t *kind_hidden(struct tree *tree, uint64_t dir)
{
	return kind_dir_of(tree, node_of(dir))->hidden;
}

static char **kind_error(struct tree *tree, uint64_t number, bool make)
{
	(void)make;
	return &kind_dir_of(tree, node_of(number))->error;
}

const struct area area_kind = {
	.holds = HOLDS_PROBES,
	.files = kind_files,
	.hidden = kind_hidden,
	.hides_till_listed = true,
	.lookup = kind_lookup,
	.list = kind_list,
	.attr = area_mount_attr,
	.error = kind_error,
};
