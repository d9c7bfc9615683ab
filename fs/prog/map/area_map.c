// SPDX-License-Identifier: BSD-2-Clause
/* area_map.c - map/M of prog/NAME. */
#include <errno.h>
#include <inttypes.h>

#include "attach/kernel/link_names.h"
#include "attach/pin_object.h"
#include "fs/prog/act.h"
#include "fs/prog/area_prog.h"
#include "fs/prog/map/map_act.h"
#include "fs/prog/map/map_member.h"
#include "fs/tree/area_common.h"
#include "fs/tree/meta.h"
#include "fs/tree/show.h"
#include "scope.h"

static void print_type(const struct object_map *map, FILE *out)
{
	fprintf(out, "%s\n", map_type_name(map->type));
}

static void print_key_size(const struct object_map *map, FILE *out)
{
	fprintf(out, "%" PRIu32 "\n", map->key_size);
}

static void print_value_size(const struct object_map *map, FILE *out)
{
	fprintf(out, "%" PRIu32 "\n", map->value_size);
}

static void print_max_entries(const struct object_map *map, FILE *out)
{
	fprintf(out, "%" PRIu32 "\n", map->max_entries);
}

static void print_info(const struct object_map *map, FILE *out)
{
	fprintf(out,
		"type:\t%s\nkey_size:\t%" PRIu32 "\nvalue_size:\t%" PRIu32
		"\nmax_entries:\t%" PRIu32 "\nmap_flags:\t0x%" PRIx32 "\n",
		map_type_name(map->type), map->key_size, map->value_size,
		map->max_entries, map->flags);
}

/* What stands in for a row's text, by the row's name. */
#define SHOW_MAP(noun)                                                    \
	static int show_map_##noun(const struct file *row,                \
				   const struct view *view, FILE *out,    \
				   struct err *e)                         \
	{                                                                 \
		struct member member;                                     \
		int err = member_get(view->tree, view->node, &member, e); \
                                                                          \
		(void)row;                                                \
		if (err)                                                  \
			return err;                                       \
		print_##noun(member_map(&member), out);                   \
		member_put(&member);                                      \
		return 0;                                                 \
	}

SHOW_MAP(type)
SHOW_MAP(key_size)
SHOW_MAP(value_size)
SHOW_MAP(max_entries)
SHOW_MAP(info)

static int show_info_of(const struct file *row, const struct view *view,
			FILE *out, struct err *e)
{
	scoped_fd int fd = map_member_fd(view->tree, view->node, e);

	if (fd == -ENODATA)
		return show_map_info(row, view, out, e);
	return fd < 0 ? fd : map_show(fd, out, e);
}

static int show_pin_of(const struct file *row, const struct view *view,
		       FILE *out, struct err *e)
{
	struct bpf_map_info info;
	int err;

	scoped_fd int fd = map_member_fd(view->tree, view->node, e);

	(void)row;
	if (fd == -ENODATA)
		return 0;
	if (fd < 0)
		return fd;
	err = map_info(fd, &info, e);
	return err ? err : pin_object_list(BPF_OBJECT_MAP, info.id, out, e);
}

/* What was written to it, until it is taken back. */
static int show_reuse(const struct file *row, const struct view *view,
		      FILE *out, struct err *e)
{
	scoped_free char *path = NULL;
	const struct object_setting *set = NULL;
	const struct upload *upload;
	struct member member;
	int err = member_get(view->tree, view->node, &member, e);

	if (err)
		return err;
	path = member_path(&member, view->node, row->name);
	member_put(&member);
	if (!path)
		return fail(e, ENOMEM, "no memory");
	pthread_mutex_lock(&view->tree->lock);
	upload = upload_at(view->tree, view_number(view));
	if (upload)
		set = setting_find(&upload->settings, path);
	if (set)
		fprintf(out, "%s\n", set->value);
	pthread_mutex_unlock(&view->tree->lock);
	return 0;
}

/* Root may read what is only written. */
static int show_nothing(const struct file *row, const struct view *view,
			FILE *out, struct err *e)
{
	(void)row;
	(void)view;
	(void)out;
	(void)e;
	return 0;
}

/* clang-format off */
static const struct file map_files[] = {
	SETTING("type", act_setting, show_map_type, "its type"),
	SETTING("key_size", act_setting, show_map_key_size, "bytes of a key"),
	SETTING("value_size", act_setting, show_map_value_size, "bytes of a value"),
	SETTING("max_entries", act_setting, show_map_max_entries, "how many there can be"),
	SETTING("reuse", act_reuse, show_reuse, "a map that is used in its place"),
	READ_ONLY("info", show_info_of, "what the kernel says of it, once it is loaded"),
	{
		.name = "entries",
		.mode = 0400,
		.text = TEXT_NONE,
		.stream = true,
		.source = &map_entries,
		.help = "its keys and values, a line each, once it is loaded",
	},
	{
		.name = "put",
		.mode = 0200,
		.text = TEXT_NONE,
		.write = act_map_put,
		.keeps_nothing = true,
		.show = show_nothing,
		.help = "write 'KEY: VALUE' to set the value of a key",
	},
	{
		.name = "delete",
		.mode = 0200,
		.text = TEXT_NONE,
		.write = act_map_delete,
		.keeps_nothing = true,
		.show = show_nothing,
		.help = "write a key to delete it",
	},
	{
		.name = "pin",
		.mode = 0644,
		.text = TEXT_NONE,
		.slow = true,
		.write = act_pin,
		.keeps_nothing = true,
		.show = show_pin_of,
		.help = "where it is pinned, once it is loaded; write a path to pin it there",
	},
	TELLS_ADDRESSES("error", show_dir_error, "that of prog/NAME"),
	{ 0 },
};
/* clang-format on */

const struct area area_loaded_map = {
	.holds = HOLDS_MEMBERS,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = map_files,
	.hidden = area_member_hidden,
	.hides_till_listed = true,
	.attr = area_member_attr,
	.refer = refer_member,
	.error = area_loaded_error,
};
