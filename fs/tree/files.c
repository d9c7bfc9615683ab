// SPDX-License-Identifier: BSD-2-Clause
/* files.c - looking files up in the tables of areas, and their texts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/files.h"
#include "fs/user/addresses.h"
#include "scope.h"

static size_t rows(const struct file *table)
{
	size_t count = 0;

	while (table && table[count].name)
		count++;
	return count;
}

bool file_of(struct node node, struct file *file)
{
	const struct area *area = area_of(node);
	size_t row = node.slot - SLOT_FILES;

	if (node.slot >= SLOT_FIELDS)
		return area->more_files && area->more_files(node, file);
	if (node.slot < SLOT_FILES || row >= rows(area->files))
		return false;
	*file = area->files[row];
	return !area->has || area->has(node, file);
}

/* NULL: the node is gone, or nothing can be hidden there. */
static uint64_t *hidden_at(struct tree *tree, uint64_t dir)
{
	const struct area *area = area_at(dir);

	return area->hidden ? area->hidden(tree, dir) : NULL;
}

bool file_hidden(struct tree *tree, uint64_t dir, unsigned int slot)
{
	const uint64_t *hidden = hidden_at(tree, dir);

	return hidden && hidden[slot / 64] >> slot % 64 & 1;
}

void file_hide(struct tree *tree, uint64_t dir, unsigned int slot, bool on)
{
	uint64_t *hidden = hidden_at(tree, dir), bit = UINT64_C(1) << slot % 64;

	if (hidden && on)
		hidden[slot / 64] |= bit;
	else if (hidden)
		hidden[slot / 64] &= ~bit;
}

/* The next slot with a file, hidden or not; 0 at the end. */
static unsigned int next_slot(struct tree *tree, uint64_t dir,
			      unsigned int slot, struct file *file)
{
	const struct area *area = area_at(dir);
	struct node node = node_of(dir);

	while (++slot < SLOT_END) {
		node.slot = slot;
		if (file_of(node, file) &&
		    (!area->has_now || area->has_now(tree, dir, slot)))
			return slot;
	}
	return 0;
}

bool file_next(struct tree *tree, uint64_t dir, unsigned int after,
	       unsigned int *slot, struct file *file)
{
	*slot = after;
	do
		*slot = next_slot(tree, dir, *slot, file);
	while (*slot && file_hidden(tree, dir, *slot));
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
	struct file file;

	return file_named(tree, dir, name, slot, &file) &&
	       !file_hidden(tree, dir, *slot);
}

int file_text(struct tree *tree, uint64_t number, const struct caller *caller,
	      char **text, size_t *size, struct err *e)
{
	struct err ignored;
	struct file file;
	struct view view;
	FILE *out;
	int err;

	/* What shows a text may keep the sentence for others. */
	e = e ? e : &ignored;
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
