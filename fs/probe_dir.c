// SPDX-License-Identifier: BSD-2-Clause
/* probe_dir.c - making, removing and moving names beside a probe's files. */
#include <errno.h>
#include <fuse_lowlevel.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/denial.h"
#include "fs/change/write.h"
#include "fs/probe_dir.h"
#include "fs/tree/attr.h"
#include "fs/tree/files.h"
#include "fs/tree/scratch.h"
#include "scope.h"

/* What a name stands for. */
struct name {
	struct probe *probe;
	uint64_t number; /* of the node */
	unsigned int slot; /* of a file of the probe; 0: none */
	struct file file;
	bool hidden;
	struct scratch *scratch; /* NULL: none; only while the lock is held */
};

static void hide(struct probe *probe, unsigned int slot, bool on)
{
	uint64_t bit = UINT64_C(1) << slot % 64;

	if (on)
		probe->hidden[slot / 64] |= bit;
	else
		probe->hidden[slot / 64] &= ~bit;
}

static bool holds_scratch(uint64_t dir)
{
	return area_at(dir)->holds == HOLDS_SCRATCH;
}

/*
 * ENOENT: no such probe; EPERM: no directory of a probe; ENAMETOOLONG, since
 * some kernels let FUSE have longer names.  The lock is held.
 */
static int name_find(struct tree *tree, uint64_t dir, const char *name,
		     struct name *out)
{
	struct node node = node_of(dir);

	*out = (struct name){ 0 };
	if (!holds_scratch(dir))
		return -EPERM;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	out->probe = tree_find(tree, dir);
	if (!out->probe)
		return -ENOENT;
	if (file_named(tree, dir, name, &out->slot, &out->file)) {
		out->number = node_number(node.area, node.object, out->slot);
		out->hidden = file_hidden(out->probe, out->slot);
	}
	/* Older than the file of a built-in program, and seen without that. */
	if (!out->slot || out->hidden)
		out->scratch = scratch_named(tree, out->probe, name);
	if (out->scratch) {
		out->number = out->scratch->number;
		out->slot = 0;
		out->hidden = false;
	}
	return 0;
}

static bool is_there(const struct name *name)
{
	return name->scratch || (name->slot && !name->hidden);
}

static struct stat attr_new(struct tree *tree, const struct caller *caller,
			    uint64_t dir, mode_t mode)
{
	return (struct stat){
		.st_uid = caller->uid,
		.st_gid = attr_group(tree, dir, caller->gid),
		.st_mode = mode & (S_IFMT | 0777),
	};
}

static int make(struct tree *tree, const struct caller *caller, uint64_t dir,
		const struct name *found, const char *name, mode_t mode,
		uint64_t *number)
{
	struct stat attr = attr_new(tree, caller, dir, mode);
	struct scratch *scratch;
	int err;

	if (is_there(found) || (found->slot && S_ISDIR(mode)))
		return -EEXIST;
	if (found->slot) {
		hide(found->probe, found->slot, false);
		*number = found->number;
		return 0;
	}
	err = scratch_make(tree, found->probe, dir, name, &attr, &scratch);
	if (!err)
		*number = scratch->number;
	return err;
}

static int create(struct tree *tree, const struct caller *caller, uint64_t dir,
		  const char *name, mode_t mode, uint64_t *number)
{
	struct name found;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = name_find(tree, dir, name, &found);
	if (!err)
		err = make(tree, caller, dir, &found, name, mode, number);
	if (!err)
		attr_touch(tree, dir);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

int probe_dir_create(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name, mode_t mode,
		     uint64_t *number)
{
	return create(tree, caller, dir, name, S_IFREG | (mode & 0777), number);
}

int probe_dir_mkdir(struct tree *tree, const struct caller *caller,
		    uint64_t dir, const char *name, mode_t mode,
		    uint64_t *number)
{
	return create(tree, caller, dir, name, S_IFDIR | (mode & 0777), number);
}

int probe_dir_rmdir(struct tree *tree, const struct caller *caller,
		    uint64_t dir, const char *name)
{
	struct name found;
	int err;

	(void)caller;
	pthread_mutex_lock(&tree->lock);
	err = name_find(tree, dir, name, &found);
	if (!err && !is_there(&found))
		err = -ENOENT;
	else if (!err && (found.slot || !S_ISDIR(found.scratch->mode)))
		err = -ENOTDIR;
	if (!err)
		scratch_remove(tree, found.scratch);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

/* unlink */

static void hide_slot(struct tree *tree, uint64_t dir, unsigned int slot,
		      bool on)
{
	struct probe *probe;

	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, dir);
	if (probe) {
		hide(probe, slot, on);
		attr_touch(tree, dir);
	}
	pthread_mutex_unlock(&tree->lock);
}

/* The text that the file had after mkdir. */
static int first_text(struct tree *tree, uint64_t dir, unsigned int text,
		      char **first)
{
	struct config config;
	struct view view;
	int err;

	*first = NULL;
	pthread_mutex_lock(&tree->lock);
	err = view_take(tree, dir, NULL, &view);
	pthread_mutex_unlock(&tree->lock);
	if (!err)
		err = config_make(view.config.kind, view.config.name, &config,
				  NULL);
	if (!err) {
		*first = strdup(config.texts[text] ? config.texts[text] : "");
		config_clear(&config);
	}
	view_drop(&view);
	return err || *first ? err : -ENOMEM;
}

static int unlink_file(struct tree *tree, const struct caller *caller,
		       uint64_t dir, const struct name *found)
{
	scoped_free char *text = NULL;
	int err = 0;

	if (found->file.text != TEXT_NONE) {
		err = first_text(tree, dir, found->file.text, &text);
		if (!err)
			err = write_text(tree, caller, caller->uid,
					 found->number, text, strlen(text));
	}
	if (!err)
		hide_slot(tree, dir, found->slot, true);
	return err;
}

int probe_dir_unlink(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name)
{
	struct name found;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = name_find(tree, dir, name, &found);
	if (!err && !is_there(&found))
		err = -ENOENT;
	if (!err && found.scratch && S_ISDIR(found.scratch->mode))
		err = -EISDIR;
	if (!err && found.scratch)
		scratch_remove(tree, found.scratch);
	pthread_mutex_unlock(&tree->lock);
	if (!err && found.slot)
		err = unlink_file(tree, caller, dir, &found);
	return err;
}

/* rename */

/*
 * Scratch of that name and text, in the place of what has the name: that stays
 * until the new one is whole.  The lock is held.
 */
static int make_whole(struct tree *tree, struct probe *probe, uint64_t dir,
		      const char *name, const struct stat *attr,
		      const char *text, size_t size)
{
	struct scratch *scratch, *old;
	int err = scratch_make(tree, probe, dir, "", attr, &scratch);

	if (err)
		return err;
	err = scratch_write(tree, scratch, text, size, 0);
	old = scratch_named(tree, probe, name);
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
		     uint64_t dir, const struct name *from,
		     const char *new_name)
{
	scoped_free char *text = NULL;
	struct probe *probe;
	struct stat attr;
	size_t size;
	int err;

	err = file_text(tree, from->number, caller, &text, &size, NULL);
	if (err)
		return err;
	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, dir);
	err = probe ? attr_get(tree, from->number, &attr) : -ENOENT;
	if (!err)
		err = make_whole(tree, probe, dir, new_name, &attr, text, size);
	if (!err) {
		hide(probe, from->slot, true);
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

/* Scratch onto a file of the probe: what it holds is written to that. */
static int move_onto(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const struct name *from,
		     const struct name *to)
{
	scoped_free char *text = NULL;
	struct scratch *scratch;
	uid_t author = 0;
	struct stat attr;
	size_t size;
	int err;

	if (to->file.text == TEXT_NONE)
		return -EACCES;
	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, from->number);
	err = scratch ? attr_get(tree, from->number, &attr) : -ENOENT;
	if (!err)
		err = text_of(scratch, &text, &size);
	if (!err)
		author = scratch->author;
	pthread_mutex_unlock(&tree->lock);
	if (!err)
		err = write_text(tree, caller, author, to->number, text, size);
	if (err)
		return err;
	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, from->number);
	if (scratch)
		scratch_remove(tree, scratch);
	if (tree_find(tree, dir)) {
		attr_set(tree, to->number, &attr,
			 FUSE_SET_ATTR_MODE | FUSE_SET_ATTR_UID |
				 FUSE_SET_ATTR_GID | FUSE_SET_ATTR_MTIME);
		hide(tree_find(tree, dir), to->slot, false);
		attr_touch(tree, dir);
	}
	pthread_mutex_unlock(&tree->lock);
	return 0;
}

static int move_scratch(struct tree *tree, uint64_t dir, struct name *from,
			const struct name *to, const char *new_name)
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

static int rename_check(const struct name *from, const struct name *to,
			unsigned int flags)
{
	if (!is_there(from))
		return -ENOENT;
	if (flags & RENAME_NOREPLACE && is_there(to))
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
	struct name from, to;
	int err;

	if (flags & ~(unsigned int)RENAME_NOREPLACE)
		return -EINVAL;
	if (dir != to_dir)
		return denial_keep(tree, dir, DENIED_RENAME, name,
				   holds_scratch(dir) ? -EXDEV : -EPERM);
	pthread_mutex_lock(&tree->lock);
	err = name_find(tree, dir, name, &from);
	if (!err)
		err = name_find(tree, dir, new_name, &to);
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
