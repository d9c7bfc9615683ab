// SPDX-License-Identifier: BSD-2-Clause
/* stray.c - files that were meant to be one of a probe's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/meant.h"
#include "fs/tree/scratch.h"
#include "fs/tree/stray.h"

/*
 * Once for each name: many letters are compared.  A directory is no file that
 * something was written to.  The lock is held.
 */
static const char *meant(struct scratch *scratch)
{
	if (!scratch->judged && S_ISREG(scratch->mode))
		scratch->meant = meant_file(scratch->dir, scratch->name);
	scratch->judged = true;
	return scratch->meant;
}

static char *name_it(struct tree *tree, uint64_t number, const char **what)
{
	struct probe *probe = tree_find(tree, number);
	struct scratch *scratch;

	if (!probe)
		return NULL;
	LIST_FOREACH(scratch, &probe->scratches, sibling) {
		*what = meant(scratch);
		if (*what)
			return strdup(scratch->name);
	}
	return NULL;
}

void stray_find(struct tree *tree, uint64_t number, struct stray *stray)
{
	const char *what = NULL;
	int length = 0;

	*stray = (struct stray){ .name = NULL };
	pthread_mutex_lock(&tree->lock);
	stray->name = name_it(tree, number, &what);
	pthread_mutex_unlock(&tree->lock);
	if (!stray->name)
		return;
	if (strcmp(what, stray->name) != 0)
		length = asprintf(
			&stray->sentence,
			"no file of a probe, so it does nothing; did you mean '%s'?",
			what);
	else
		length = asprintf(
			&stray->sentence,
			"a file of other probes, but not of this one, so it does nothing");
	if (length < 0) {
		stray->sentence = NULL;
		stray_clear(stray);
	}
}

void stray_clear(struct stray *stray)
{
	free(stray->name);
	free(stray->sentence);
	*stray = (struct stray){ .name = NULL };
}
