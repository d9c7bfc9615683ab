// SPDX-License-Identifier: BSD-2-Clause
/* dirs.c - looking names up and listing them. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "fs/tree/dirs.h"
#include "fs/tree/files.h"
#include "fs/tree/scratch.h"
#include "scope.h"

/* Places in a listing: the two dots, the files, then the children. */
enum {
	COOKIE_DOT = 1,
	COOKIE_DOTS = 2,
	COOKIE_FILES = 16, /* plus the slot, see file_place() */
	COOKIE_CHILDREN = 512, /* plus the child's number in its directory */
};

/* The directories that are children of an area's directory. */
struct children {
	int (*lookup)(struct tree *tree, uint64_t dir, const char *name,
		      uint64_t *number);
	void (*list)(struct tree *tree, uint64_t dir, uint64_t after,
		     struct dir_sink *sink);
	bool unlocked; /* not of the tree: bpf(2) is asked, without the lock */
};

/* The root's */

static const struct {
	const char *name;
	unsigned int area;
} object_dirs[] = {
	{ "prog", AREA_PROGS },
	{ "link", AREA_LINKS },
};

enum { NOBJECT_DIRS = sizeof(object_dirs) / sizeof(object_dirs[0]) };

/* Child n of the root: kinds first, then the directories of objects. */
static const char *root_child(const struct tree *tree, size_t n,
			      uint64_t *number)
{
	if (n < tree->nkind_dirs) {
		*number = node_number(AREA_KIND, n, SLOT_SELF);
		return tree->kind_dirs[n].kind->name;
	}
	n -= tree->nkind_dirs;
	if (n >= NOBJECT_DIRS)
		return NULL;
	*number = node_number(object_dirs[n].area, 0, SLOT_SELF);
	return object_dirs[n].name;
}

static int root_lookup(struct tree *tree, uint64_t dir, const char *name,
		       uint64_t *number)
{
	const char *child;
	size_t n;

	(void)dir;
	for (n = 0; (child = root_child(tree, n, number)); n++)
		if (!strcmp(child, name))
			return 0;
	return -ENOENT;
}

static void root_list(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink)
{
	const char *child;
	uint64_t number;

	(void)dir;
	while ((child = root_child(tree, after, &number))) {
		after++;
		if (!sink->add(sink, child, number, true,
			       COOKIE_CHILDREN + after))
			return;
	}
}

/* A kind's */

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
		if (!sink->add(sink, probe->config.name, probe_number(probe),
			       true, COOKIE_CHILDREN + after))
			return;
	}
}

/* Objects of the kernel, by id */

struct objects {
	unsigned int area; /* of the directory */
	unsigned int area_of_file;
	int (*next)(uint32_t *id);
	int (*open)(uint32_t id);
};

static const struct objects programs = {
	.area = AREA_PROGS,
	.area_of_file = AREA_PROG,
	.next = bpf_prog_next,
	.open = bpf_prog_by_id,
};

static const struct objects links = {
	.area = AREA_LINKS,
	.area_of_file = AREA_LINK,
	.next = bpf_link_next,
	.open = bpf_link_by_id,
};

static const struct objects *objects_of(uint64_t dir)
{
	return node_of(dir).area == AREA_PROGS ? &programs : &links;
}

static int object_lookup(struct tree *tree, uint64_t dir, const char *name,
			 uint64_t *number)
{
	const struct objects *objects = objects_of(dir);
	unsigned long id;
	char *end;
	int fd;

	(void)tree;
	if (!isdigit((unsigned char)name[0]) || name[0] == '0')
		return -ENOENT;
	id = strtoul(name, &end, 10);
	if (*end || id > UINT32_MAX)
		return -ENOENT;
	fd = objects->open((uint32_t)id);
	if (fd < 0)
		return -ENOENT;
	close(fd);
	*number = node_number(objects->area_of_file, id, SLOT_SELF);
	return 0;
}

static void object_list(struct tree *tree, uint64_t dir, uint64_t after,
			struct dir_sink *sink)
{
	const struct objects *objects = objects_of(dir);
	uint32_t id = (uint32_t)after;
	char name[16];

	(void)tree;
	while (!objects->next(&id)) {
		snprintf(name, sizeof(name), "%" PRIu32, id);
		if (!sink->add(
			    sink, name,
			    node_number(objects->area_of_file, id, SLOT_SELF),
			    false, COOKIE_CHILDREN + (uint64_t)id))
			return;
	}
}

/* Scratch, beside a probe's files */

static int scratch_lookup(struct tree *tree, uint64_t dir, const char *name,
			  uint64_t *number)
{
	struct probe *probe = tree_find(tree, dir);
	const struct scratch *scratch =
		probe ? scratch_named(tree, probe, name) : NULL;

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
static void scratch_list(struct tree *tree, uint64_t dir, uint64_t after,
			 struct dir_sink *sink)
{
	struct probe *probe = tree_find(tree, dir);
	const struct scratch *scratch = NULL;
	uint64_t number = after ? scratch_at(after) : 0;
	unsigned int slot;

	while (probe && (scratch = scratch_next(tree, probe, number))) {
		number = scratch->number;
		if (file_find(tree, dir, scratch->name, &slot))
			continue;
		if (!sink->add(sink, scratch->name, number,
			       S_ISDIR(scratch->mode),
			       COOKIE_CHILDREN + scratch_place(number)))
			return;
	}
}

static const struct children *children_of(uint64_t dir)
{
	static const struct children by_area[] = {
		[AREA_ROOT] = { .lookup = root_lookup, .list = root_list },
		[AREA_KIND] = { .lookup = kind_lookup, .list = kind_list },
		[AREA_PROGS] = { object_lookup, object_list, .unlocked = true },
		[AREA_LINKS] = { object_lookup, object_list, .unlocked = true },
	};
	static const struct children of_probe = { .lookup = scratch_lookup,
						  .list = scratch_list };
	unsigned int area = node_of(dir).area;

	if (area >= AREA_PROBE)
		return &of_probe;
	return area <= AREA_LINKS ? &by_area[area] : NULL;
}

int dir_lookup(struct tree *tree, uint64_t dir, const char *name,
	       uint64_t *number)
{
	const struct children *below = children_of(dir);
	struct node node = node_of(dir);
	unsigned int slot;
	int err = -ENOENT;

	pthread_mutex_lock(&tree->lock);
	if (file_find(tree, dir, name, &slot)) {
		*number = node_number(node.area, node.object, slot);
		err = node.area < AREA_PROBE || tree_find(tree, dir) ? 0
								     : -ENOENT;
		below = NULL;
	} else if (below && !below->unlocked) {
		err = below->lookup(tree, dir, name, number);
	}
	pthread_mutex_unlock(&tree->lock);
	if (below && below->unlocked)
		err = below->lookup(tree, dir, name, number);
	return err;
}

static bool list_dots(uint64_t dir, uint64_t offset, struct dir_sink *sink)
{
	if (offset < COOKIE_DOT && !sink->add(sink, ".", dir, true, COOKIE_DOT))
		return false;
	return offset >= COOKIE_DOTS ||
	       sink->add(sink, "..", dir, true, COOKIE_DOTS);
}

/*
 * The file of a built-in program comes first: who removes all that is listed
 * would not find it any more after `attach`.
 */
static uint64_t file_place(unsigned int slot)
{
	return COOKIE_FILES + (slot + SLOT_END - SLOT_BUILTINS) % SLOT_END;
}

static unsigned int file_slot_at(uint64_t place)
{
	return (unsigned int)(place - COOKIE_FILES + SLOT_BUILTINS) % SLOT_END;
}

/* Those after slot `after` and before slot `end`. */
static bool list_slots(struct tree *tree, uint64_t dir, unsigned int after,
		       unsigned int end, struct dir_sink *sink)
{
	struct node node = node_of(dir);
	unsigned int slot = after;
	struct file file;

	while (file_next(tree, dir, slot, &slot, &file) && slot < end)
		if (!sink->add(sink, file.name,
			       node_number(node.area, node.object, slot), false,
			       file_place(slot)))
			return false;
	return true;
}

static bool list_files(struct tree *tree, uint64_t dir, uint64_t offset,
		       struct dir_sink *sink)
{
	unsigned int slot = SLOT_BUILTINS - 1;

	if (offset >= COOKIE_CHILDREN)
		return true;
	if (offset >= COOKIE_FILES)
		slot = file_slot_at(offset);
	if (slot >= SLOT_BUILTINS - 1) {
		if (!list_slots(tree, dir, slot, SLOT_END, sink))
			return false;
		slot = SLOT_SELF;
	}
	return list_slots(tree, dir, slot, SLOT_BUILTINS, sink);
}

void dir_list(struct tree *tree, uint64_t dir, uint64_t offset,
	      struct dir_sink *sink)
{
	const struct children *below = children_of(dir);
	uint64_t after =
		offset > COOKIE_CHILDREN ? offset - COOKIE_CHILDREN : 0;
	bool more;

	pthread_mutex_lock(&tree->lock);
	more = list_dots(dir, offset, sink) &&
	       list_files(tree, dir, offset, sink) && below;
	if (more && !below->unlocked)
		below->list(tree, dir, after, sink);
	pthread_mutex_unlock(&tree->lock);
	if (more && below->unlocked)
		below->list(tree, dir, after, sink);
}
