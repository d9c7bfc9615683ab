// SPDX-License-Identifier: BSD-2-Clause
/* scratch.c - files in memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/scratch.h"

static int compare(const struct scratch *a, const struct scratch *b)
{
	return (a->number > b->number) - (a->number < b->number);
}

/* clang-format off */
RB_GENERATE_INTERNAL(scratches, scratch, entry, compare, __attribute__((unused)) static)
/* clang-format on */

struct scratch *scratch_find(struct tree *tree, uint64_t number)
{
	struct scratch key = { .number = number };

	return RB_FIND(scratches, &tree->scratches, &key);
}

struct scratch *scratch_named(struct probe *probe, const char *name)
{
	struct scratch *scratch;

	LIST_FOREACH(scratch, &probe->scratches, sibling)
		if (!strcmp(scratch->name, name))
			return scratch;
	return NULL;
}

static void drop_old(struct tree *tree, struct probe *probe)
{
	struct scratch *scratch, *next;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	for (scratch = LIST_FIRST(&probe->scratches); scratch; scratch = next) {
		next = LIST_NEXT(scratch, sibling);
		if (now.tv_sec - scratch->written.tv_sec > SCRATCH_SECONDS)
			scratch_remove(tree, scratch);
	}
}

struct scratch *scratch_next(struct tree *tree, struct probe *probe,
			     uint64_t after)
{
	struct scratch *scratch, *next = NULL;

	drop_old(tree, probe);
	LIST_FOREACH(scratch, &probe->scratches, sibling)
		if (scratch->number > after &&
		    (!next || scratch->number < next->number))
			next = scratch;
	return next;
}

static size_t count(const struct probe *probe)
{
	const struct scratch *scratch;
	size_t n = 0;

	LIST_FOREACH(scratch, &probe->scratches, sibling)
		n++;
	return n;
}

int scratch_make(struct tree *tree, struct probe *probe, uint64_t dir,
		 const char *name, const struct stat *attr,
		 struct scratch **out)
{
	unsigned int area =
		S_ISDIR(attr->st_mode) ? AREA_SCRATCH_DIR : AREA_SCRATCH_FILE;
	struct scratch *scratch;

	drop_old(tree, probe);
	if (scratch_named(probe, name))
		return -EEXIST;
	if (count(probe) >= SCRATCH_FILES ||
	    tree->scratch_bytes + SCRATCH_COST > SCRATCH_TOTAL)
		return -ENOSPC;
	scratch = calloc(1, sizeof(*scratch));
	if (!scratch)
		return -ENOMEM;
	scratch->name = strdup(name);
	if (!scratch->name) {
		free(scratch);
		return -ENOMEM;
	}
	scratch->number = node_number(area, ++tree->scratch_serial, SLOT_SELF);
	scratch->dir = dir;
	scratch->uid = attr->st_uid;
	scratch->gid = attr->st_gid;
	scratch->mode = attr->st_mode;
	clock_gettime(CLOCK_REALTIME, &scratch->written);
	RB_INSERT(scratches, &tree->scratches, scratch);
	LIST_INSERT_HEAD(&probe->scratches, scratch, sibling);
	tree->scratch_bytes += SCRATCH_COST;
	*out = scratch;
	return 0;
}

void scratch_remove(struct tree *tree, struct scratch *scratch)
{
	RB_REMOVE(scratches, &tree->scratches, scratch);
	LIST_REMOVE(scratch, sibling);
	meta_drop(tree, scratch->number, scratch->number);
	tree->scratch_bytes -= SCRATCH_COST + scratch->size;
	free(scratch->name);
	free(scratch->data);
	free(scratch);
}

void scratch_remove_all(struct tree *tree, struct probe *probe)
{
	while (!LIST_EMPTY(&probe->scratches))
		scratch_remove(tree, LIST_FIRST(&probe->scratches));
}

int scratch_rename(struct scratch *scratch, const char *name)
{
	char *copy = strdup(name);

	if (!copy)
		return -ENOMEM;
	free(scratch->name);
	scratch->name = copy;
	return 0;
}

int scratch_resize(struct tree *tree, struct scratch *scratch, off_t size)
{
	size_t wanted = (size_t)size;
	char *grown;

	if (size > SCRATCH_BYTES)
		return -EFBIG;
	if (wanted > scratch->size &&
	    tree->scratch_bytes + wanted - scratch->size > SCRATCH_TOTAL)
		return -ENOSPC;
	grown = realloc(scratch->data, wanted + 1);
	if (!grown)
		return -ENOMEM;
	if (wanted > scratch->size)
		memset(grown + scratch->size, 0, wanted - scratch->size);
	grown[wanted] = '\0';
	tree->scratch_bytes += wanted;
	tree->scratch_bytes -= scratch->size;
	scratch->data = grown;
	scratch->size = wanted;
	clock_gettime(CLOCK_REALTIME, &scratch->written);
	return 0;
}

int scratch_write(struct tree *tree, struct scratch *scratch, const char *data,
		  size_t size, off_t offset)
{
	off_t end = offset + (off_t)size;
	int err = 0;

	if (end > (off_t)scratch->size)
		err = scratch_resize(tree, scratch, end);
	if (err)
		return err;
	memcpy(scratch->data + offset, data, size);
	clock_gettime(CLOCK_REALTIME, &scratch->written);
	return 0;
}
