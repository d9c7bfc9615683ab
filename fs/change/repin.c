// SPDX-License-Identifier: BSD-2-Clause
/* repin.c - making, replacing, moving and removing the pin of a probe. */
#include <errno.h>
#include <string.h>

#include "fs/change/repin.h"
#include "scope.h"

static int pin_new(const struct change *c, const struct attachment *a,
		   const char *path, struct pin *pin, struct err *e)
{
	const char *name;
	int dir, err;

	dir = caller_open_parent(c->caller, path, &name, e);
	if (dir < 0)
		return dir;
	err = caller_enter(c->caller, e);
	if (err) {
		fd_close(dir);
		return err;
	}
	err = pin_make(a, dir, name, pin, e);
	if (!err)
		pin_give_looks(a, pin, &c->looks);
	caller_leave();
	return err;
}

static int keep_mode(const struct change *c, const struct attachment *a,
		     const struct pin *pin, struct err *e)
{
	int err = caller_enter(c->caller, e);

	if (err)
		return err;
	err = pin_keep_mode(a, &c->next.pin, pin, e);
	caller_leave();
	return err;
}

/* A pin that was made a moment ago, by the same caller. */
static void drop_pin(const struct change *c, struct pin *pin)
{
	struct err ignored;

	if (!caller_enter(c->caller, &ignored)) {
		pin_remove(pin, &ignored);
		caller_leave();
	}
	pin_forget(pin);
}

int change_unpin(struct change *c, struct err *e)
{
	int err;

	if (!c->next.pin.name)
		return 0;
	err = caller_enter(c->caller, e);
	if (err)
		return err;
	pin_take_looks(&c->next.pin, &c->looks);
	err = pin_remove(&c->next.pin, e);
	caller_leave();
	if (!err)
		c->next.pin = PIN_NONE;
	return err;
}

static int prepare(const struct change *c, const struct attachment *a,
		   struct pin *pin, struct err *e)
{
	int err = caller_enter(c->caller, e);

	if (err)
		return err;
	err = pin_prepare(a, &c->next.pin, pin, e);
	caller_leave();
	return err;
}

/* In the place of the pin that is there. */
static int replace(struct change *c, const struct attachment *a,
		   struct pin *pin, struct err *e)
{
	int err = prepare(c, a, pin, e);
	struct pin placed;

	if (err)
		return err;
	placed = *pin;
	placed.name = c->next.pin.name;
	err = change_announce(c, &placed, e);
	if (!err)
		err = caller_enter(c->caller, e);
	if (err) {
		drop_pin(c, pin);
		return err;
	}
	err = pin_place(&c->next.pin, pin, e);
	caller_leave();
	return err;
}

/* Within a file system; EXDEV to another. */
static int move(struct change *c, const char *path, struct pin *pin,
		struct err *e)
{
	const char *name;
	int err;

	*pin = c->next.pin;
	pin->name = NULL;
	pin->dir = caller_open_parent(c->caller, path, &name, e);
	if (pin->dir < 0)
		return pin->dir;
	pin->name = strdup(name);
	err = pin->name ? change_announce(c, pin, e)
			: fail(e, ENOMEM, "no memory");
	if (!err)
		err = caller_enter(c->caller, e);
	if (!err) {
		err = pin_move(&c->next.pin, pin, e);
		caller_leave();
	}
	if (err)
		pin_forget(pin);
	return err;
}

/* Another pin there, and this one goes. */
static int make_another(struct change *c, const struct attachment *a,
			const char *path, struct pin *pin, struct err *e)
{
	int err = pin_new(c, a, path, pin, e);

	if (err)
		return err;
	err = keep_mode(c, a, pin, e);
	if (!err)
		err = change_announce(c, pin, e);
	if (!err)
		err = change_unpin(c, e);
	if (err)
		drop_pin(c, pin);
	return err;
}

bool change_pin_stays(const struct change *c)
{
	bool alive = pin_alive(&c->next.pin);
	const char *text = c->probe->config.texts[TEXT_PIN];
	scoped_free char *before = NULL, *after = NULL;

	if (!c->given[TEXT_PIN])
		return true;
	return !text_value(text ? text : "", &before, NULL) &&
	       !change_value(c, TEXT_PIN, &after, NULL) &&
	       !strcmp(before, after) && (alive || !after[0]);
}

int change_repin(struct change *c, const struct attachment *a, struct err *e)
{
	scoped_free char *path = NULL;
	bool alive = pin_alive(&c->next.pin);
	struct pin pin;
	int err = change_value(c, TEXT_PIN, &path, e);

	if (err)
		return err;
	if (!path[0])
		return alive ? change_unpin(c, e) : 0;
	if (alive && change_pin_stays(c))
		err = replace(c, a, &pin, e);
	else if (alive)
		err = make_another(c, a, path, &pin, e);
	else
		err = pin_new(c, a, path, &pin, e);
	if (!err)
		c->next.pin = pin;
	return err;
}

int change_pin(struct change *c, struct err *e)
{
	const struct attachment *a = c->probe->attached->attachment;
	scoped_free char *path = NULL;
	struct pin pin;
	int err = change_value(c, TEXT_PIN, &path, e);

	if (err)
		return err;
	if (!path[0] || change_pin_stays(c))
		return path[0] ? 0 : change_unpin(c, e);
	err = -EXDEV;
	if (pin_alive(&c->next.pin))
		err = move(c, path, &pin, e);
	if (err == -EXDEV)
		err = make_another(c, a, path, &pin, e);
	if (!err)
		c->next.pin = pin;
	return err;
}
