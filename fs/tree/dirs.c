// SPDX-License-Identifier: BSD-2-Clause
/* dirs.c - looking names up and listing them. */
#include <errno.h>

#include "fs/tree/dirs.h"
#include "fs/tree/files.h"

/* Places in a listing: the two dots, the files, then the children. */
enum {
	COOKIE_DOT = 1,
	COOKIE_DOTS = 2,
	COOKIE_FILES = 16, /* plus the slot, see file_place() */
};

int dir_lookup(struct tree *tree, uint64_t dir, const char *name,
	       uint64_t *number)
{
	const struct area *below = area_at(dir);
	struct node node = node_of(dir);
	unsigned int slot;
	struct stat attr;
	int err = -ENOENT;

	pthread_mutex_lock(&tree->lock);
	if (file_find(tree, dir, name, &slot)) {
		*number = node_number(node.area, node.object, slot);
		err = below->attr(tree, dir, &attr);
		below = NULL;
	} else if (below->lookup && !below->unlocked) {
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

	if (offset >= PLACE_CHILDREN)
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
	const struct area *below = area_at(dir);
	uint64_t after = offset > PLACE_CHILDREN ? offset - PLACE_CHILDREN : 0;
	bool more;

	pthread_mutex_lock(&tree->lock);
	more = list_dots(dir, offset, sink) &&
	       list_files(tree, dir, offset, sink) && below->list;
	if (more && !below->unlocked)
		below->list(tree, dir, after, sink);
	pthread_mutex_unlock(&tree->lock);
	if (more && below->unlocked)
		below->list(tree, dir, after, sink);
}
