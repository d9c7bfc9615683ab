// SPDX-License-Identifier: BSD-2-Clause
/* area_upload.c - prog/NAME: an object file, and what is in it. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attach/kernel/link_names.h"
#include "attach/kernel/program.h"
#include "fs/prog/act.h"
#include "fs/prog/area_prog.h"
#include "fs/prog/inspect.h"
#include "fs/prog/member.h"
#include "fs/prog/object_file.h"
#include "fs/tree/area_common.h"
#include "fs/tree/show.h"
#include "scope.h"

/* What is set at that path, which has no '/'; or the fallback of the row. */
static int show_set(const struct file *row, const struct view *view, FILE *out,
		    struct err *e)
{
	const struct object_setting *set = NULL;
	scoped_free char *value = NULL;
	const struct upload *upload;

	(void)e;
	pthread_mutex_lock(&view->tree->lock);
	upload = upload_at(view->tree, view_number(view));
	if (upload)
		set = setting_find(&upload->settings, row->name);
	if (set)
		value = strdup(set->value);
	pthread_mutex_unlock(&view->tree->lock);
	if (value)
		fprintf(out, "%s\n", value);
	else
		fputs(row->fallback, out);
	return 0;
}

/* What is told of prog/NAME itself: a copy. */
struct told {
	bool loaded, has_object, changed;
	size_t size;
	uint64_t serial;
};

static struct told tell(struct tree *tree, uint64_t number)
{
	struct told told = { .loaded = false };
	const struct upload *upload;

	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (upload && upload->content) {
		told.has_object = true;
		told.size = upload->content->size;
		told.serial = upload->content->serial;
	}
	if (upload && upload->set) {
		told.loaded = true;
		told.changed = upload->content != upload->set->content ||
			       !settings_equal(&upload->settings,
					       &upload->set->settings);
	}
	pthread_mutex_unlock(&tree->lock);
	return told;
}

static int show_load(const struct file *row, const struct view *view, FILE *out,
		     struct err *e)
{
	(void)row;
	(void)e;
	fprintf(out, "%d\n", tell(view->tree, view_number(view)).loaded);
	return 0;
}

static int show_license(const struct file *row, const struct view *view,
			FILE *out, struct err *e)
{
	struct object *object;
	uint64_t serial;
	int err = inspect(view->tree, view_number(view), &object, &serial, e);

	(void)row;
	if (err)
		return 0; /* `info` tells why */
	area_put_text(out, object->license);
	fputc('\n', out);
	object_put(object);
	return 0;
}

static void show_program(const struct object_program *program, FILE *out)
{
	fputs("program:\t", out);
	area_put_text(out, program->name);
	fprintf(out, "\t%s\t", program_type_name(program->type));
	area_put_text(out, program->section);
	fputc('\n', out);
}

static void show_map(const struct object_map *map, FILE *out)
{
	fputs("map:\t", out);
	area_put_text(out, map->name);
	fprintf(out,
		"\t%s\tkey %" PRIu32 "\tvalue %" PRIu32 "\tentries %" PRIu32
		"\n",
		map_type_name(map->type), map->key_size, map->value_size,
		map->max_entries);
}

static void show_contents(const struct object *object, FILE *out)
{
	size_t i;

	fputs("license:\t", out);
	area_put_text(out, object->license);
	fprintf(out, "\n%s", object->needs);
	for (i = 0; i < object->nprograms; i++)
		show_program(&object->programs[i], out);
	for (i = 0; i < object->nmaps; i++)
		show_map(&object->maps[i], out);
	for (i = 0; i < object->nvariables; i++) {
		fputs("data:\t", out);
		area_put_text(out, object->variables[i].name);
		fputc('\t', out);
		area_put_text(out, object->variables[i].type);
		fputc('\n', out);
	}
}

static int show_loaded_info(const struct file *row, const struct view *view,
			    FILE *out, struct err *e)
{
	struct told told = tell(view->tree, view_number(view));
	struct object *object;
	uint64_t serial;
	struct err why;
	int err =
		inspect(view->tree, view_number(view), &object, &serial, &why);

	(void)row;
	(void)e;
	fprintf(out, "state:\t%s\n",
		told.loaded	  ? "loaded"
		: told.has_object ? "not loaded"
				  : "empty");
	if (told.has_object)
		fprintf(out, "object:\t%zu bytes, number %" PRIu64 "\n",
			told.size, told.serial);
	if (told.changed)
		fputs("changed:\tsince it was loaded; write 1 to 'load' to load it anew\n",
		      out);
	if (!err) {
		show_contents(object, out);
		object_put(object);
	} else if (told.has_object) {
		fprintf(out, "fault:\t%s\n", why.text);
	}
	return 0;
}

/* clang-format off */
static const struct file loaded_files[] = {
	{
		.name = "object",
		.mode = 0644,
		.text = TEXT_NONE,
		.bytes = &object_file,
		.show = show_bytes,
		.help = "the object file, as a compiler makes it; copy one here",
	},
	{
		.name = "load",
		.mode = 0644,
		.text = TEXT_NONE,
		.write = act_load,
		.last = true,
		.show = show_load,
		.help = "write 1 to load it, 0 to let go of what is loaded",
	},
	{
		.name = "log",
		.mode = 0444,
		.text = TEXT_NONE,
		.bytes = &log_file,
		.show = show_bytes,
		.help = "what the verifier said when it was last loaded",
	},
	{
		.name = "log_level",
		.mode = 0644,
		.text = TEXT_NONE,
		.write = act_log_level,
		.fallback = "0\n",
		.show = show_set,
		.help = "what the verifier is to say of a success, too: 0 to 7, or stats",
	},
	{
		.name = "btf",
		.mode = 0644,
		.text = TEXT_NONE,
		.write = act_btf,
		.fallback = "",
		.show = show_set,
		.help = "the path of the types of another kernel, for one that has none",
	},
	READ_ONLY("license", show_license, "the license that it declares"),
	READ_ONLY("info", show_loaded_info, "what is in it, and whether it is loaded"),
	TELLS_ADDRESSES("error", show_dir_error, "why the last refused write was refused"),
	{ 0 },
};
/* clang-format on */

static bool is_dir_of(struct upload *upload, const char *name, uint64_t *number)
{
	enum members sort;

	for (sort = 0; sort < NMEMBERS; sort++)
		if (!strcmp(member_sorts[sort].dir, name)) {
			*number = members_number(upload->id, sort);
			return true;
		}
	return false;
}

static int loaded_lookup(struct tree *tree, uint64_t dir, const char *name,
			 uint64_t *number)
{
	struct upload *upload = upload_at(tree, dir);

	if (!upload)
		return -ENOENT;
	return is_dir_of(upload, name, number)
		       ? 0
		       : area_scratch_lookup(tree, dir, name, number);
}

/* The directories come behind scratch. */
static void loaded_list(struct tree *tree, uint64_t dir, uint64_t after,
			struct dir_sink *sink)
{
	const struct upload *upload = upload_at(tree, dir);
	bool scratch = after < AREA_SCRATCH_PLACES;
	uint64_t sort = scratch ? 0 : after - AREA_SCRATCH_PLACES;

	if (!upload || (scratch && !area_scratch_add(tree, dir, after, sink)))
		return;
	for (; sort < NMEMBERS; sort++)
		if (!area_add_child(
			    sink, member_sorts[sort].dir,
			    members_number(upload->id, (enum members)sort),
			    true, AREA_SCRATCH_PLACES + sort + 1))
			return;
}

static int loaded_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct upload *upload = upload_at(tree, number);

	if (!upload)
		return -ENOENT;
	attr->st_mode = S_IFDIR | upload->mode;
	attr->st_uid = upload->uid;
	attr->st_gid = upload->gid;
	attr->st_mtim = upload->made;
	return 0;
}

static uint64_t *loaded_hidden(struct tree *tree, uint64_t dir)
{
	struct upload *upload = upload_at(tree, dir);

	return upload ? upload->nest.hidden : NULL;
}

static struct nest *loaded_nest(struct tree *tree, uint64_t dir)
{
	struct upload *upload = upload_at(tree, dir);

	return upload ? &upload->nest : NULL;
}

const struct area area_loaded = {
	.holds = HOLDS_SCRATCH,
	.files_move = true,
	.files = loaded_files,
	.hidden = loaded_hidden,
	.nest = loaded_nest,
	.lookup = loaded_lookup,
	.list = loaded_list,
	.attr = loaded_attr,
	.refer = refer_loaded,
	.error = area_loaded_error,
};
