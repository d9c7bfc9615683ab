// SPDX-License-Identifier: BSD-2-Clause
/* pinned.c - looking for a pin that may be on its way. */
#include "fs/tree/pinned.h"

int pins_take(const struct probe *probe, struct pins *pins)
{
	int err = pin_copy(&probe->pin, &pins->now);

	pins->changes = probe->pin_changes;
	pins->next = PIN_NONE;
	if (!err)
		err = pin_copy(&probe->pin_next, &pins->next);
	return err;
}

void pins_drop(struct pins *pins)
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

bool pins_alive(struct tree *tree, uint64_t number, const struct pins *taken)
{
	struct pins pins = { PIN_NONE, PIN_NONE, taken->changes };
	bool found = alive(taken);

	while (!found && take_again(tree, number, &pins))
		found = alive(&pins);
	pins_drop(&pins);
	return found;
}
