// SPDX-License-Identifier: BSD-2-Clause
/*
 * snapshot.c - copying what a probe is, to look at it.
 *
 * What is in the bpffs and what the tree knows of it cannot change in the same
 * moment.  So a reader looks for the pin and for what it is becoming, and finds
 * neither only if there is none, or if it has read what has changed since: then
 * it reads again.
 */
#include <stdlib.h>
#include <string.h>

#include "attach/fate.h"
#include "fs/tree/area.h"
#include "fs/tree/attached.h"
#include "fs/tree/snapshot.h"

int pins_take(const struct probe *probe, struct pins *pins)
{
	int err = pin_copy(&probe->pin, &pins->now);

	pins->changes = probe->pin_changes;
	pins->next = PIN_NONE;
	if (!err)
		err = pin_copy(&probe->pin_next, &pins->next);
	return err;
}

static void pins_drop(struct pins *pins)
{
	pin_forget(&pins->now);
	pin_forget(&pins->next);
}

static bool alive(const struct pins *pins)
{
	return pin_alive(&pins->now) || pin_alive(&pins->next);
}

/* False when nothing has changed since, or the probe has gone. */
static bool take_again(struct tree *tree, uint64_t number, struct pins *pins)
{
	const struct probe *probe;
	struct pins again = PINS_NONE;
	bool changed;

	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, number);
	changed = probe && probe->pin_changes != pins->changes &&
		  !pins_take(probe, &again);
	pthread_mutex_unlock(&tree->lock);
	if (!changed) {
		pins_drop(&again);
		return false;
	}
	pins_drop(pins);
	*pins = again;
	return true;
}

static bool pins_alive(struct tree *tree, uint64_t number,
		       const struct pins *taken)
{
	struct pins pins = { PIN_NONE, PIN_NONE, taken->changes };
	bool found = alive(taken);

	while (!found && take_again(tree, number, &pins))
		found = alive(&pins);
	pins_drop(&pins);
	return found;
}

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
	error = area->error(tree, number, false);
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
