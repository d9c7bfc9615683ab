// SPDX-License-Identifier: BSD-2-Clause
/* denial.c - what a directory does not do, in a sentence. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/denial.h"
#include "fs/change/last_error.h"
#include "fs/tree/area.h"
#include "fs/tree/meant.h"
#include "fs/tree/scratch.h"
#include "scope.h"

static const char *const asked[NDENIED] = {
	[DENIED_MKDIR] = "mkdir",   [DENIED_CREATE] = "create",
	[DENIED_REMOVE] = "remove", [DENIED_RENAME] = "rename",
	[DENIED_LINK] = "link",	    [DENIED_NODE] = "mknod",
};

/* NULL: what refuses there says why itself. */
static const char *const sentences[NHOLDS][NDENIED] = {
	[HOLDS_KINDS] = {
		[DENIED_CREATE] = "no file can be made at the root; a probe is a directory, made in that of its kind",
		[DENIED_REMOVE] = "what is at the root comes with the mount",
		[DENIED_RENAME] = "what is at the root keeps its name",
		[DENIED_LINK] = "there are no links here",
		[DENIED_NODE] = "there are no pipes, sockets and devices here",
	},
	[HOLDS_PROBES] = {
		[DENIED_CREATE] = "a probe is a directory: make it with mkdir",
		[DENIED_RENAME] = "a probe's name is its target and keeps it: make another with mkdir, and remove this one with rmdir",
		[DENIED_LINK] = "there are no links here: for a second probe of a target make one with another @LABEL",
		[DENIED_NODE] = "a probe is a directory: make it with mkdir",
	},
	[HOLDS_PROGRAMS] = {
		[DENIED_CREATE] = "an object file has a directory: make it with mkdir, and copy the file to 'object' in it",
		[DENIED_REMOVE] = "built-in programs come with the mount, and those of the kernel are listed here and not removed",
		[DENIED_RENAME] = "the name of a program stays: make another with mkdir, and remove this one with rmdir",
		[DENIED_LINK] = "there are no links here",
		[DENIED_NODE] = "there are no pipes, sockets and devices here",
	},
	[HOLDS_OBJECTS] = {
		[DENIED_MKDIR] = "the kernel's programs and links are listed here, and not made",
		[DENIED_CREATE] = "the kernel's programs and links are listed here, and not made",
		[DENIED_REMOVE] = "the kernel's programs and links are listed here, and not removed",
		[DENIED_RENAME] = "the kernel's programs and links have ids for names",
		[DENIED_LINK] = "there are no links here",
		[DENIED_NODE] = "there are no pipes, sockets and devices here",
	},
	[HOLDS_FILES] = {
		[DENIED_MKDIR] = "a program or link has the files that are here",
		[DENIED_CREATE] = "a program or link has the files that are here",
		[DENIED_REMOVE] = "the files of a program or link come with it; a link is ended by 1 in 'detach', and by removing its pins",
		[DENIED_RENAME] = "the files of a program or link keep their names",
		[DENIED_LINK] = "there are no links here; to pin it write a path to 'pin'",
		[DENIED_NODE] = "there are no pipes, sockets and devices here",
	},
	[HOLDS_MEMBERS] = {
		[DENIED_MKDIR] = "what is in the object file is listed here",
		[DENIED_CREATE] = "what is in the object file is listed here",
		[DENIED_REMOVE] = "what is in the object file is listed here, and goes with it",
		[DENIED_RENAME] = "what is in the object file keeps its name",
		[DENIED_LINK] = "there are no links here",
		[DENIED_NODE] = "there are no pipes, sockets and devices here",
	},
	[HOLDS_SCRATCH] = {
		[DENIED_RENAME] = "only a file that does not come with the directory can be renamed onto one that does",
		[DENIED_REMOVE] = "'program', 'map' and 'data' go with the object",
		[DENIED_LINK] = "such a directory holds files and empty directories only",
		[DENIED_NODE] = "such a directory holds files and empty directories only",
	},
	[HOLDS_NOTHING] = {
		[DENIED_CREATE] = "a directory beside the files of a probe or program holds nothing",
		[DENIED_RENAME] = "a directory beside the files of a probe or program holds nothing",
		[DENIED_LINK] = "a directory beside the files of a probe or program holds nothing",
		[DENIED_NODE] = "a directory beside the files of a probe or program holds nothing",
	},
};

/* A kind that is not there: those that are. */
static void explain_kind(const char *name, struct err *e)
{
	const char *meant = meant_kind(name);
	size_t i;

	fail(e, EPERM, "there is no kind '%s'", name);
	if (meant)
		fail_hint(e, "did you mean '%s'?", meant);
	else
		fail_hint(e, "the kinds are");
	for (i = 0; !meant && kinds[i]; i++) {
		size_t used = strlen(e->text);

		snprintf(e->text + used, sizeof(e->text) - used, "%s %s",
			 i ? "," : "", kinds[i]->name);
	}
}

/*
 * A user that writes a path into the name of a probe makes one of its first
 * part, and then directories in it: `mkdir -p uprobe/usr/bin/bash:main`.
 */
static void explain_nested(struct tree *tree, uint64_t dir, const char *name,
			   struct err *e)
{
	const struct scratch *scratch;
	const struct probe *probe = NULL;

	fail(e, EPERM,
	     "a directory beside the files of a probe or program holds nothing");
	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, dir);
	if (scratch)
		probe = tree_find(tree, scratch->dir);
	if (probe && field_find(probe->config.kind, "path"))
		fail_hint(
			e,
			"in a name write each '/' of a path as %%2F: '%s/%%2F%s%%2F%s%%2F%s'; '%s/%s' is a probe by now: remove it with rmdir",
			probe->config.kind->name, probe->config.name,
			scratch->name, name, probe->config.kind->name,
			probe->config.name);
	pthread_mutex_unlock(&tree->lock);
}

/* The probe's kind tells it as well: there the name was to be. */
static void keep_for_kind(struct tree *tree, uint64_t dir, const struct err *e)
{
	const struct scratch *scratch;
	const struct probe *probe;
	uint64_t kind = 0;

	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, dir);
	probe = scratch ? tree_find(tree, scratch->dir) : NULL;
	if (probe)
		kind = probe->kind_dir->number;
	pthread_mutex_unlock(&tree->lock);
	if (kind)
		last_error_keep(tree, kind,
				last_error_text(asked[DENIED_MKDIR], "", e));
}

int denial_keep(struct tree *tree, uint64_t dir, enum denied what,
		const char *name, int err)
{
	enum holds holds = area_at(dir)->holds;
	const char *sentence = sentences[holds][what];
	struct err e;

	if (err != -EPERM)
		return err;
	if (what == DENIED_MKDIR && holds == HOLDS_KINDS)
		explain_kind(name, &e);
	else if (what == DENIED_MKDIR && holds == HOLDS_NOTHING)
		explain_nested(tree, dir, name, &e);
	else if (sentence)
		fail(&e, EPERM, "%s", sentence);
	else
		return err;
	last_error_keep(tree, dir, last_error_text(asked[what], "", &e));
	if (what == DENIED_MKDIR && holds == HOLDS_NOTHING)
		keep_for_kind(tree, dir, &e);
	return err;
}
