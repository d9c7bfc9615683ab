// SPDX-License-Identifier: BSD-2-Clause
/* pin_replace.c - other links under the name of a pin. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/pin_private.h"
#include "scope.h"

/*
 * The new pin, under its first name, and what bears the last one change places;
 * if that was not the old pin they change back.
 */
static int exchange(const struct pin *old, const struct pin *new)
{
	const char *first = new->name, *last = old->name;
	int dir = old->dir, err;

	if (renameat2(dir, first, dir, last, RENAME_EXCHANGE))
		return -errno;
	err = pin_is_at(old, dir, first) ? pin_remove_at(old, dir, first)
					 : -EEXIST;
	/* Somebody else has removed the old one, after the exchange. */
	if (err == -EEXIST && faccessat(dir, first, F_OK, AT_SYMLINK_NOFOLLOW))
		return 0;
	if (err)
		renameat2(dir, first, dir, last, RENAME_EXCHANGE);
	return err;
}

/*
 * Before 5.16 (6429e46304ac) bpffs does not exchange names.  A file takes the
 * place of another all the same; what is a directory goes aside.
 */
static int push_aside(const struct pin *old, const struct pin *new)
{
	const char *first = new->name, *last = old->name;
	char aside[PIN_ASIDE];
	int dir = old->dir, err = pin_name_aside(aside);

	if (err)
		return err;
	if (renameat2(dir, last, dir, aside, RENAME_NOREPLACE))
		return -errno;
	if (!pin_is_at(old, dir, aside))
		err = -EEXIST;
	else if (renameat2(dir, first, dir, last, RENAME_NOREPLACE))
		err = -errno;
	if (err) {
		renameat2(dir, aside, dir, last, RENAME_NOREPLACE);
		return err;
	}
	err = pin_remove_at(old, dir, aside);
	if (err && !renameat2(dir, last, dir, first, RENAME_NOREPLACE))
		renameat2(dir, aside, dir, last, RENAME_NOREPLACE);
	return err;
}

static int replace_name(const struct pin *old, const struct pin *new)
{
	struct stat was, is;
	int dir = old->dir;

	if (pin_look(dir, old->name, &was) || pin_look(dir, new->name, &is) ||
	    !pin_is_of(old, &was))
		return -EEXIST;
	if (S_ISDIR(was.st_mode) || S_ISDIR(is.st_mode))
		return push_aside(old, new);
	return renameat(dir, new->name, dir, old->name) ? -errno : 0;
}

static int take_place(const struct pin *old, const struct pin *new)
{
	int dir = old->dir, err = exchange(old, new);

	if (err == -EINVAL)
		return replace_name(old, new);
	if (err != -ENOENT)
		return err;
	/* The old one has gone by itself. */
	if (renameat2(dir, new->name, dir, old->name, RENAME_NOREPLACE))
		return -errno;
	return 0;
}

/* A copy of the old pin, but of another name. */
static int name_new(const struct pin *old, struct pin *new, struct err *e)
{
	char name[PIN_ASIDE];
	int err = pin_copy(old, new);

	if (!err)
		err = pin_name_aside(name);
	if (!err) {
		free(new->name);
		new->name = strdup(name);
		err = new->name ? 0 : -ENOMEM;
	}
	if (!err)
		return 0;
	pin_forget(new);
	return fail(e, -err, "no memory or no descriptor for the pin");
}

int pin_prepare(const struct attachment *a, const struct pin *old,
		struct pin *new, struct err *e)
{
	int err = name_new(old, new, e);

	if (err)
		return err;
	err = pin_at(a, new, e);
	if (!err) {
		err = pin_keep_mode(a, old, new, e);
		if (err)
			pin_remove_at(new, new->dir, new->name);
	}
	if (err)
		pin_forget(new);
	return err;
}

int pin_place(const struct pin *old, struct pin *new, struct err *e)
{
	char *name = strdup(old->name);
	int err = name ? take_place(old, new) : -ENOMEM;

	if (err) {
		pin_remove_at(new, new->dir, new->name);
		pin_forget(new);
		pin_explain(err, old->name, e);
		free(name);
		return err;
	}
	free(new->name);
	new->name = name;
	return 0;
}

int pin_move(const struct pin *old, const struct pin *new, struct err *e)
{
	if (renameat2(old->dir, old->name, new->dir, new->name,
		      RENAME_NOREPLACE))
		return pin_explain(-errno, new->name, e);
	if (pin_alive(new))
		return 0;
	/* Another has just taken the old name; it gets that back. */
	if (renameat2(new->dir, new->name, old->dir, old->name,
		      RENAME_NOREPLACE))
		return fail(e, EAGAIN,
			    "'%s' was replaced and is at the new path now",
			    old->name);
	return fail(e, EAGAIN, "'%s' was replaced; write again", old->name);
}
