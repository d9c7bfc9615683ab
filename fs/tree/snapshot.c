// SPDX-License-Identifier: BSD-2-Clause
/* snapshot.c - copying what a probe is, to look at it. */
#include <stdlib.h>
#include <string.h>

#include "attach/fate.h"
#include "fs/tree/area.h"
#include "fs/tree/attached.h"
#include "fs/tree/snapshot.h"

int view_take(struct tree *tree, uint64_t number, const struct caller *caller,
	      struct view *view)
{
	const struct area *area = area_at(number);
	char **error;

	*view = (struct view){ .tree = tree,
			       .node = node_of(number),
			       .kind = kind_of(node_of(number)),
			       .pins = PINS_NONE,
			       .caller = caller };
	if (area->view)
		return area->view(tree, number, view);
	error = area->error(tree, number);
	view->error = error && *error ? strdup(*error) : NULL;
	return 0;
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
