// SPDX-License-Identifier: BSD-2-Clause
/* snapshot.c - copying what a probe is, to look at it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/fate.h"
#include "fs/tree/attached.h"
#include "fs/tree/snapshot.h"

static int view_probe(struct probe *probe, struct view *view)
{
	int err = config_copy(&probe->config, &view->config);

	if (err)
		return err;
	view->attached = attached_get(probe);
	view->waiting = probe->prog_fd >= 0;
	return pins_take(probe, &view->pins);
}

int view_take(struct tree *tree, uint64_t number, const struct caller *caller,
	      struct view *view)
{
	struct probe *probe;

	*view = (struct view){ .tree = tree,
			       .node = node_of(number),
			       .kind = kind_of(node_of(number)),
			       .pins = PINS_NONE,
			       .caller = caller };
	if (view->node.area < AREA_PROBE) {
		const char *error =
			view->node.area == AREA_KIND
				? tree->kind_dirs[view->node.object].error
				: tree->error;

		view->error = error ? strdup(error) : NULL;
		return 0;
	}
	probe = tree_find(tree, number);
	return probe ? view_probe(probe, view) : -ENOENT;
}

void view_drop(struct view *view)
{
	attached_put(view->tree, view->attached);
	pins_drop(&view->pins);
	config_clear(&view->config);
	free(view->error);
}

bool view_pinned(const struct view *view)
{
	return pins_alive(
		view->tree,
		node_number(view->node.area, view->node.object, SLOT_SELF),
		&view->pins);
}

void view_fate(const struct view *view, struct fate *fate)
{
	struct mandate *mandate = view->attached->mandate;
	struct opener opener;

	if (mandate)
		opener = mandate_opener(mandate);
	attachment_fate(view->attached->attachment, mandate ? &opener : NULL,
			fate);
}
