// SPDX-License-Identifier: BSD-2-Clause
/* area_members.c - program/, map/ and data/ of prog/NAME. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <vis.h>

#include "fs/prog/area_prog.h"
#include "fs/prog/inspect.h"
#include "fs/prog/member.h"
#include "fs/tree/area_common.h"
#include "fs/tree/attr.h"
#include "fs/tree/meta.h"

/* Names come from the object, which can be anybody's. */
static bool is_name(const char *name)
{
	return name[0] && strlen(name) <= NAME_MAX && !strchr(name, '/') &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* The object of the directory; ENOENT where there is none to be looked at. */
static int object_of(struct tree *tree, uint64_t dir, struct object **out,
		     uint64_t *serial)
{
	struct err ignored;

	return inspect(tree, dir, out, serial, &ignored) ? -ENOENT : 0;
}

uint64_t *area_member_hidden(struct tree *tree, uint64_t dir)
{
	struct meta *meta = meta_find(tree, dir);

	return meta ? meta->hidden : NULL;
}

/* Whether a variable, which may come back then, is hidden. */
static bool is_hidden(struct tree *tree, uint64_t number, bool show)
{
	uint64_t *hidden;
	bool was;

	if (node_of(number).area != AREA_VARIABLE)
		return false;
	pthread_mutex_lock(&tree->lock);
	hidden = area_member_hidden(tree, number);
	was = hidden && *hidden;
	if (was && show)
		*hidden = 0;
	pthread_mutex_unlock(&tree->lock);
	return was;
}

/* Whether it is hidden or not. */
static int find(struct tree *tree, uint64_t dir, const char *name,
		uint64_t *number)
{
	enum members of = member_sort_of(node_of(dir));
	const struct member_sort *sort = &member_sorts[of];
	struct object *object;
	uint64_t serial;
	size_t i, count;
	int err = object_of(tree, dir, &object, &serial);

	if (err)
		return err;
	count = sort->count(object);
	for (i = 0; i < count; i++)
		if (!strcmp(sort->name(object, i), name))
			break;
	if (i == count || !is_name(name))
		err = -ENOENT;
	else
		*number = member_number(of, serial, i);
	object_put(object);
	return err;
}

static int members_lookup(struct tree *tree, uint64_t dir, const char *name,
			  uint64_t *number)
{
	int err = find(tree, dir, name, number);

	return !err && is_hidden(tree, *number, false) ? -ENOENT : err;
}

int members_create(struct tree *tree, uint64_t dir, const char *name,
		   uint64_t *number)
{
	if (find(tree, dir, name, number))
		return -EPERM;
	return is_hidden(tree, *number, true) ? 0 : -EEXIST;
}

/* What was unlinked is there again. */
static void members_list(struct tree *tree, uint64_t dir, uint64_t after,
			 struct dir_sink *sink)
{
	enum members of = member_sort_of(node_of(dir));
	const struct member_sort *sort = &member_sorts[of];
	struct object *object;
	uint64_t serial;
	bool more = true;
	uint64_t number;
	size_t i;

	if (object_of(tree, dir, &object, &serial))
		return;
	for (i = after; i < sort->count(object) && more; i++) {
		const char *name = sort->name(object, i);

		number = member_number(of, serial, i);
		if (!is_name(name))
			continue;
		is_hidden(tree, number, true);
		more = area_add_child(sink, name, number,
				      sort->slot == SLOT_SELF, i + 1);
	}
	object_put(object);
}

int area_member_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	const struct upload *upload = upload_at(tree, number);
	uint64_t ino = attr->st_ino;
	int err =
		upload ? attr_get(tree, upload_number(upload), attr) : -ENOENT;

	attr->st_ino = ino;
	return err;
}

char **area_loaded_error(struct tree *tree, uint64_t number, bool make)
{
	struct upload *upload = upload_at(tree, number);

	(void)make;
	return upload ? &upload->error : NULL;
}

void area_put_text(FILE *out, const char *text)
{
	enum { CSTYLE = VIS_TAB | VIS_NL | VIS_CSTYLE | VIS_NOSLASH };
	char safe[8]; /* "\\M-^C" at most, and NUL */

	for (; *text; text++) {
		vis(safe, (unsigned char)*text, CSTYLE, text[1]);
		fputs(safe, out);
	}
}

const struct area area_members = {
	.holds = HOLDS_MEMBERS,
	.comes_and_goes = true,
	.lookup = members_lookup,
	.list = members_list,
	.unlocked = true,
	.attr = area_member_attr,
	.error = area_loaded_error,
};
