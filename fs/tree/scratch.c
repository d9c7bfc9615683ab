// SPDX-License-Identifier: BSD-2-Clause
/* scratch.c - files in memory. */
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/meta.h"
#include "fs/tree/scratch.h"
#include "fs/user/owner.h"

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

static time_t uptime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec;
}

/* What utimens(2) has set is over with the next write. */
static void touch(struct tree *tree, struct scratch *scratch)
{
	struct meta *meta = meta_find(tree, scratch->number);

	clock_gettime(CLOCK_REALTIME, &scratch->written);
	scratch->touched = uptime();
	if (meta)
		meta->set &= ~(unsigned int)(FUSE_SET_ATTR_MTIME |
					     FUSE_SET_ATTR_CTIME);
}

static bool is_old(const struct scratch *scratch)
{
	return uptime() - scratch->touched > SCRATCH_SECONDS;
}

static void drop_old(struct tree *tree, struct nest *nest)
{
	struct scratch *scratch, *next;

	for (scratch = LIST_FIRST(&nest->scratches); scratch; scratch = next) {
		next = LIST_NEXT(scratch, sibling);
		if (is_old(scratch))
			scratch_remove(tree, scratch);
	}
}

static void drop_old_everywhere(struct tree *tree)
{
	struct scratch *scratch, *next;

	RB_FOREACH_SAFE(scratch, scratches, &tree->scratches, next)
		if (is_old(scratch))
			scratch_remove(tree, scratch);
}

static size_t bytes_of(struct tree *tree, uid_t owner, bool objects)
{
	struct scratch *scratch;
	size_t bytes = 0;

	RB_FOREACH(scratch, scratches, &tree->scratches)
		if (scratch->owner == owner && scratch->objects == objects)
			bytes += SCRATCH_COST + scratch->size;
	return bytes;
}

/* Bytes of one, and of all. */
static size_t largest(const struct tree *tree, bool objects)
{
	return objects ? tree->policy->max_object : SCRATCH_BYTES;
}

static size_t total_of(const struct tree *tree, bool objects)
{
	return objects ? SCRATCH_OBJECTS * largest(tree, true) : SCRATCH_TOTAL;
}

/* Whether the user may have so many bytes more. */
static bool has_room(struct tree *tree, uid_t owner, bool objects, size_t more)
{
	const size_t *bytes = &tree->scratch_bytes[objects];
	size_t total = total_of(tree, objects), share = total / SCRATCH_PART;
	size_t limit = owner ? total - share : total;

	if (*bytes + more <= share)
		return true;
	drop_old_everywhere(tree);
	return *bytes + more <= limit &&
	       (!owner || bytes_of(tree, owner, objects) + more <= share);
}

struct scratch *scratch_named(struct tree *tree, struct nest *nest,
			      const char *name)
{
	struct scratch *scratch;

	drop_old(tree, nest);
	LIST_FOREACH(scratch, &nest->scratches, sibling)
		if (!strcmp(scratch->name, name))
			return scratch;
	return NULL;
}

struct scratch *scratch_next(struct tree *tree, struct nest *nest,
			     uint64_t after)
{
	struct scratch *scratch, *next = NULL;

	drop_old(tree, nest);
	LIST_FOREACH(scratch, &nest->scratches, sibling)
		if (scratch->number > after &&
		    (!next || scratch->number < next->number))
			next = scratch;
	return next;
}

static size_t count(const struct nest *nest)
{
	const struct scratch *scratch;
	size_t n = 0;

	LIST_FOREACH(scratch, &nest->scratches, sibling)
		n++;
	return n;
}

int scratch_make(struct tree *tree, struct nest *nest, uint64_t dir,
		 const char *name, const struct stat *attr,
		 struct scratch **out)
{
	unsigned int area =
		S_ISDIR(attr->st_mode) ? AREA_SCRATCH_DIR : AREA_SCRATCH_FILE;
	uid_t owner = owner_of(attr->st_uid);
	struct scratch *scratch;

	if (scratch_named(tree, nest, name))
		return -EEXIST;
	if (count(nest) >= SCRATCH_FILES ||
	    !has_room(tree, owner, nest->objects, SCRATCH_COST))
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
	scratch->objects = nest->objects;
	scratch->uid = attr->st_uid;
	scratch->owner = owner;
	scratch->author = attr->st_uid;
	scratch->gid = attr->st_gid;
	scratch->mode = attr->st_mode;
	touch(tree, scratch);
	RB_INSERT(scratches, &tree->scratches, scratch);
	LIST_INSERT_HEAD(&nest->scratches, scratch, sibling);
	tree->scratch_bytes[nest->objects] += SCRATCH_COST;
	*out = scratch;
	return 0;
}

static void scratch_free(struct tree *tree, struct scratch *scratch)
{
	RB_REMOVE(scratches, &tree->scratches, scratch);
	meta_drop(tree, scratch->number, scratch->number);
	tree->scratch_bytes[scratch->objects] -= SCRATCH_COST + scratch->size;
	free(scratch->name);
	free(scratch->data);
	free(scratch);
}

void scratch_remove(struct tree *tree, struct scratch *scratch)
{
	if (scratch->gone)
		return;
	LIST_REMOVE(scratch, sibling);
	scratch->gone = true;
	meta_touch(tree, scratch->dir, true);
	meta_touch(tree, scratch->number, false);
	if (!scratch->opens)
		scratch_free(tree, scratch);
}

void scratch_open(struct scratch *scratch)
{
	scratch->opens++;
}

void scratch_close(struct tree *tree, struct scratch *scratch)
{
	if (!--scratch->opens && scratch->gone)
		scratch_free(tree, scratch);
}

void scratch_remove_all(struct tree *tree, struct nest *nest)
{
	while (!LIST_EMPTY(&nest->scratches))
		scratch_remove(tree, LIST_FIRST(&nest->scratches));
}

void scratch_free_all(struct tree *tree)
{
	struct scratch *scratch, *next;

	RB_FOREACH_SAFE(scratch, scratches, &tree->scratches, next)
		scratch_free(tree, scratch);
}

int scratch_rename(struct tree *tree, struct scratch *scratch, const char *name)
{
	char *copy = strdup(name);

	if (!copy)
		return -ENOMEM;
	free(scratch->name);
	scratch->name = copy;
	scratch->judged = false;
	meta_touch(tree, scratch->number, false);
	return 0;
}

int scratch_resize(struct tree *tree, struct scratch *scratch, off_t size)
{
	size_t wanted = (size_t)size;
	char *grown;

	if (wanted > largest(tree, scratch->objects))
		return -EFBIG;
	touch(tree, scratch);
	if (wanted > scratch->size &&
	    !has_room(tree, scratch->owner, scratch->objects,
		      wanted - scratch->size))
		return -ENOSPC;
	grown = realloc(scratch->data, wanted + 1);
	if (!grown)
		return -ENOMEM;
	if (wanted > scratch->size)
		memset(grown + scratch->size, 0, wanted - scratch->size);
	grown[wanted] = '\0';
	tree->scratch_bytes[scratch->objects] += wanted - scratch->size;
	scratch->data = grown;
	scratch->size = wanted;
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
	if (size)
		memcpy(scratch->data + offset, data, size);
	touch(tree, scratch);
	return 0;
}
