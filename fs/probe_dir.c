// SPDX-License-Identifier: BSD-2-Clause
/* probe_dir.c - making and removing names beside a probe's files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/write.h"
#include "fs/prog/act.h"
#include "fs/prog/member.h"
#include "fs/probe_dir.h"
#include "fs/probe_name.h"
#include "fs/tree/attr.h"
#include "fs/tree/dirs.h"
#include "fs/tree/meta.h"
#include "fs/tree/scratch.h"
#include "scope.h"

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
		const struct probe_name *found, const char *name, mode_t mode,
		uint64_t *number)
{
	struct stat attr = attr_new(tree, caller, dir, mode);
	struct scratch *scratch;
	int err;

	if (probe_name_is_there(found) || (found->slot && S_ISDIR(mode)))
		return -EEXIST;
	if (found->slot) {
		file_hide(tree, dir, found->slot, false);
		*number = found->number;
		return 0;
	}
	err = scratch_make(tree, found->nest, dir, name, &attr, &scratch);
	if (!err)
		*number = scratch->number;
	return err;
}

static int create(struct tree *tree, const struct caller *caller, uint64_t dir,
		  const char *name, mode_t mode, uint64_t *number)
{
	struct probe_name found;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = probe_name_find(tree, dir, name, &found);
	if (!err)
		err = make(tree, caller, dir, &found, name, mode, number);
	if (!err)
		attr_touch(tree, dir);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

/*
 * The files of a kind come back by themselves, so that what unpacks an archive
 * can have its way with them.  on: the name is removed, else made.
 */
static int hide_own(struct tree *tree, uint64_t dir, const char *name, bool on,
		    uint64_t *number)
{
	struct node node = node_of(dir);
	unsigned int slot;
	struct file file;
	int err = 0;

	pthread_mutex_lock(&tree->lock);
	if (!file_named(tree, dir, name, &slot, &file))
		err = -EPERM;
	else if (file_hidden(tree, dir, slot) == on)
		err = on ? -ENOENT : -EEXIST;
	else
		file_hide(tree, dir, slot, on);
	pthread_mutex_unlock(&tree->lock);
	*number = node_number(node.area, node.object, slot);
	return err;
}

int probe_dir_create(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name, mode_t mode,
		     uint64_t *number)
{
	enum holds holds = area_at(dir)->holds;

	if (node_of(dir).area == AREA_MEMBERS)
		return members_create(tree, dir, name, number);
	if (holds == HOLDS_PROBES || holds == HOLDS_MEMBERS)
		return hide_own(tree, dir, name, false, number);
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
	struct probe_name found;
	int err;

	(void)caller;
	pthread_mutex_lock(&tree->lock);
	err = probe_name_find(tree, dir, name, &found);
	if (!err && !probe_name_is_there(&found))
		err = -ENOENT;
	else if (!err && (found.slot || !S_ISDIR(found.scratch->mode)))
		err = -ENOTDIR;
	if (!err)
		scratch_remove(tree, found.scratch);
	/* So that rm(1), which has removed `object`, can have its way. */
	else if (err == -EPERM && upload_is_empty(tree, dir))
		err = 0;
	pthread_mutex_unlock(&tree->lock);
	return err;
}

/* unlink */

/* What was made under the name before the file was there goes, too. */
static void hide_slot(struct tree *tree, uint64_t dir, unsigned int slot,
		      const char *name)
{
	struct scratch *beneath;
	struct nest *nest;

	pthread_mutex_lock(&tree->lock);
	file_hide(tree, dir, slot, true);
	nest = nest_of(tree, dir);
	beneath = nest ? scratch_named(tree, nest, name) : NULL;
	if (beneath && !S_ISDIR(beneath->mode))
		scratch_remove(tree, beneath);
	attr_touch(tree, dir);
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

/*
 * A program that the probe has keeps what it has it with: rm(1), which removes
 * all files one by one, would have it attached elsewhere before it is detached.
 */
static bool is_kept(const struct probe *probe, const struct file *file)
{
	return file->text == TEXT_NONE ||
	       ((probe->attached || probe->prog_fd >= 0) &&
		file->text != TEXT_ATTACH && file->text != TEXT_PIN);
}

static int reset(struct tree *tree, const struct caller *caller, uint64_t dir,
		 const struct probe_name *found)
{
	scoped_free char *text = NULL;
	int err = first_text(tree, dir, found->file.text, &text);

	return err ? err
		   : write_text(tree, caller, caller->uid, found->number, text,
				strlen(text));
}

static int unlink_name(struct tree *tree, const struct caller *caller,
		       uint64_t dir, const char *name)
{
	const struct upload *upload;
	struct probe_name found;
	bool kept = true;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = probe_name_find(tree, dir, name, &found);
	if (!err && !probe_name_is_there(&found))
		err = -ENOENT;
	if (!err && found.scratch && S_ISDIR(found.scratch->mode))
		err = -EISDIR;
	if (!err && found.scratch)
		scratch_remove(tree, found.scratch);
	if (!err && found.slot)
		kept = is_kept(tree_find(tree, dir), &found.file);
	upload = upload_at(tree, dir);
	pthread_mutex_unlock(&tree->lock);
	if (err || !found.slot)
		return err;
	if (upload)
		err = act_reset(tree, caller, found.number);
	else if (!kept)
		err = reset(tree, caller, dir, &found);
	if (!err)
		hide_slot(tree, dir, found.slot, name);
	return err;
}

/* A variable is a node of its own, in no table of files. */
static void hide_member(struct tree *tree, uint64_t dir, uint64_t number)
{
	struct node node = node_of(number);
	bool variable = node.area == AREA_VARIABLE;
	struct meta *meta;

	pthread_mutex_lock(&tree->lock);
	meta = meta_make(tree, variable ? number : dir);
	if (meta && variable)
		meta->hidden[0] = 1;
	else if (meta)
		file_hide(tree, dir, node.slot, true);
	pthread_mutex_unlock(&tree->lock);
}

/* What is set of a member is not set any more; its name is back when listed. */
static int unset(struct tree *tree, const struct caller *caller, uint64_t dir,
		 const char *name)
{
	uint64_t number;
	int err = dir_lookup(tree, dir, name, &number);

	if (err)
		return err;
	err = act_reset(tree, caller, number);
	if (!err)
		hide_member(tree, dir, number);
	return err;
}

int probe_dir_unlink(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name)
{
	uint64_t ignored;

	if (area_at(dir)->holds == HOLDS_PROBES)
		return hide_own(tree, dir, name, true, &ignored);
	if (area_at(dir)->holds == HOLDS_MEMBERS)
		return unset(tree, caller, dir, name);
	return unlink_name(tree, caller, dir, name);
}
