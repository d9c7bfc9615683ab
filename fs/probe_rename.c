// SPDX-License-Identifier: BSD-2-Clause
/* probe_rename.c - names beside a probe's files that become others. */
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/denial.h"
#include "fs/change/write.h"
#include "fs/probe_dir.h"
#include "fs/probe_name.h"
#include "fs/tree/attr.h"
#include "fs/tree/scratch.h"
#include "scope.h"

/*
 * Scratch of that name and text, in the place of what has the name: that stays
 * until the new one is whole.  The lock is held.
 */
static int make_whole(struct tree *tree, struct nest *nest, uint64_t dir,
		      const char *name, const struct stat *attr,
		      const char *text, size_t size)
{
	struct scratch *scratch, *old;
	int err = scratch_make(tree, nest, dir, "", attr, &scratch);

	if (err)
		return err;
	err = scratch_write(tree, scratch, text, size, 0);
	old = scratch_named(tree, nest, name);
	if (!err)
		err = scratch_rename(tree, scratch, name);
	if (err)
		scratch_remove(tree, scratch);
	else if (old)
		scratch_remove(tree, old);
	return err;
}

/* A file of the probe to another name: a copy stays there, the name is hidden. */
static int move_away(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const struct probe_name *from,
		     const char *new_name)
{
	scoped_free char *text = NULL;
	struct stat attr;
	struct nest *nest;
	size_t size;
	int err;

	err = file_text(tree, from->number, caller, &text, &size, NULL);
	if (err)
		return err;
	pthread_mutex_lock(&tree->lock);
	nest = nest_of(tree, dir);
	err = nest ? attr_get(tree, from->number, &attr) : -ENOENT;
	if (!err)
		err = make_whole(tree, nest, dir, new_name, &attr, text, size);
	if (!err) {
		file_hide(tree, dir, from->slot, true);
		attr_touch(tree, dir);
	}
	pthread_mutex_unlock(&tree->lock);
	return err;
}

/* A copy of what scratch holds, with a NUL behind it. */
static int text_of(const struct scratch *scratch, char **text, size_t *size)
{
	*size = scratch->size;
	*text = calloc(1, *size + 1);
	if (*text && *size)
		memcpy(*text, scratch->data, *size);
	return *text ? 0 : -ENOMEM;
}

/*
 * Scratch onto a file of the probe: what it holds is written to that.  One that
 * only tells goes on with that: what copies directories means no more by it.
 */
static int move_onto(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const struct probe_name *from,
		     const struct probe_name *to)
{
	scoped_free char *text = NULL;
	struct scratch *scratch;
	uid_t author = 0;
	struct stat attr;
	size_t size;
	int err;

	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, from->number);
	err = scratch ? attr_get(tree, from->number, &attr) : -ENOENT;
	if (!err)
		err = text_of(scratch, &text, &size);
	if (!err)
		author = scratch->author;
	pthread_mutex_unlock(&tree->lock);
	if (!err && file_can_be_written(&to->file))
		err = write_text(tree, caller, author, to->number, text, size);
	if (err)
		return err;
	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, from->number);
	if (scratch)
		scratch_remove(tree, scratch);
	if (nest_of(tree, dir)) {
		attr_set(tree, to->number, &attr,
			 FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID |
				 FUSE_SET_ATTR_GID | FUSE_SET_ATTR_MTIME);
		file_hide(tree, dir, to->slot, false);
		attr_touch(tree, dir);
	}
	pthread_mutex_unlock(&tree->lock);
	return 0;
}

static int move_scratch(struct tree *tree, uint64_t dir,
			struct probe_name *from, const struct probe_name *to,
			const char *new_name)
{
	bool onto_dir = to->scratch && S_ISDIR(to->scratch->mode);
	int err;

	if (to->scratch == from->scratch)
		return 0;
	if (to->scratch && onto_dir != !!S_ISDIR(from->scratch->mode))
		return onto_dir ? -EISDIR : -ENOTDIR;
	if (to->scratch)
		scratch_remove(tree, to->scratch);
	err = scratch_rename(tree, from->scratch, new_name);
	if (!err)
		attr_touch(tree, dir);
	return err;
}

static int rename_check(const struct probe_name *from,
			const struct probe_name *to, unsigned int flags)
{
	if (!probe_name_is_there(from))
		return -ENOENT;
	if (flags & RENAME_NOREPLACE && probe_name_is_there(to))
		return -EEXIST;
	if (to->slot && (from->slot || S_ISDIR(from->scratch->mode)))
		return -EPERM;
	if (from->slot && to->scratch && S_ISDIR(to->scratch->mode))
		return -EISDIR;
	return 0;
}

int probe_dir_rename(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name, uint64_t to_dir,
		     const char *new_name, unsigned int flags)
{
	struct probe_name from, to;
	int err;

	if (flags & ~(unsigned int)RENAME_NOREPLACE)
		return -EINVAL;
	if (dir != to_dir)
		return denial_keep(
			tree, dir, DENIED_RENAME, name,
			area_at(dir)->holds == HOLDS_SCRATCH ? -EXDEV : -EPERM);
	pthread_mutex_lock(&tree->lock);
	err = probe_name_find(tree, dir, name, &from);
	if (!err)
		err = probe_name_find(tree, dir, new_name, &to);
	if (!err)
		err = rename_check(&from, &to, flags);
	if (!err && from.scratch && !to.slot)
		err = move_scratch(tree, dir, &from, &to, new_name);
	pthread_mutex_unlock(&tree->lock);
	if (err)
		return denial_keep(tree, dir, DENIED_RENAME, name, err);
	if (from.slot)
		err = move_away(tree, caller, dir, &from, new_name);
	else if (to.slot)
		err = move_onto(tree, caller, dir, &from, &to);
	return err;
}
