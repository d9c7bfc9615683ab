// SPDX-License-Identifier: BSD-2-Clause
/* dirs.c - looking names up and listing them. */
#include <errno.h>

#include "fs/tree/dirs.h"
#include "fs/tree/files.h"

/* Places in a listing: the two dots, the files, then the children. */
enum {
	COOKIE_DOT = 1,
	COOKIE_DOTS = 2,
	COOKIE_FILES = 16, /* plus the slot, and SLOT_END a part, see parts[] */
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
 * In this order.  A tool that removes all that is listed would not find the
 * file of a built-in program any more after `attach`; and one that copies all
 * that is listed has to write the fields before a program is attached.
 * `config`, last, then says what is already.
 */
static const struct part {
	unsigned int first, end; /* slots */
	bool last; /* those that are to be, or those that are not */
} parts[] = {
	{ SLOT_BUILTINS, SLOT_END, false },
	{ SLOT_FIELDS, SLOT_BUILTINS, false },
	{ SLOT_FILES, SLOT_FIELDS, false },
	{ SLOT_FILES, SLOT_FIELDS, true },
};

enum { NPARTS = sizeof(parts) / sizeof(parts[0]) };

/* Those of a part after slot `after`. */
static bool list_part(struct tree *tree, uint64_t dir, size_t n,
		      unsigned int after, struct dir_sink *sink)
{
	struct node node = node_of(dir);
	unsigned int slot = after;
	struct file file;

	while (file_next(tree, dir, slot, &slot, &file) && slot < parts[n].end)
		if (file.last == parts[n].last &&
		    !sink->add(sink, file.name,
			       node_number(node.area, node.object, slot), false,
			       COOKIE_FILES + n * SLOT_END + slot))
			return false;
	return true;
}

static bool list_files(struct tree *tree, uint64_t dir, uint64_t offset,
		       struct dir_sink *sink)
{
	uint64_t place = offset < COOKIE_FILES ? 0 : offset - COOKIE_FILES;
	unsigned int after = (unsigned int)(place % SLOT_END);
	size_t n;

	for (n = place / SLOT_END; n < NPARTS; n++) {
		if (after < parts[n].first)
			after = parts[n].first - 1;
		if (!list_part(tree, dir, n, after, sink))
			return false;
		after = 0;
	}
	return true;
}

/* The lock is held. */
static void show_again(struct tree *tree, uint64_t dir)
{
	unsigned int slot;

	for (slot = 0; slot < SLOT_END; slot++)
		file_hide(tree, dir, slot, false);
}

void dir_list(struct tree *tree, uint64_t dir, uint64_t offset,
	      struct dir_sink *sink)
{
	const struct area *below = area_at(dir);
	uint64_t after = offset > PLACE_CHILDREN ? offset - PLACE_CHILDREN : 0;
	bool more;

	pthread_mutex_lock(&tree->lock);
	if (!offset && below->hides_till_listed)
		show_again(tree, dir);
	more = list_dots(dir, offset, sink) &&
	       list_files(tree, dir, offset, sink) && below->list;
	if (more && !below->unlocked)
		below->list(tree, dir, after, sink);
	pthread_mutex_unlock(&tree->lock);
	if (more && below->unlocked)
		below->list(tree, dir, after, sink);
}
