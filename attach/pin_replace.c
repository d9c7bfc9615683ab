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
 * bpffs exchanges names since 5.16 (6429e46304ac).  A file takes the place of
 * another before that too; what is a directory has to go first.
 */
static int take_place(const struct pin *old, const struct pin *new)
{
	const char *first = new->name, *last = old->name;
	int dir = old->dir, err = exchange(old, new);
	struct stat st;

	if (err == -ENOENT) /* the old one has gone by itself */
		return renameat2(dir, first, dir, last, RENAME_NOREPLACE)
			       ? -errno
			       : 0;
	if (err != -EINVAL)
		return err;
	if (!pin_is_at(old, dir, last))
		return -EEXIST;
	if (pin_look(dir, first, &st) || S_ISDIR(st.st_mode) ||
	    pin_look(dir, last, &st) || S_ISDIR(st.st_mode))
		err = pin_remove_at(old, dir, last);
	else
		err = 0;
	if (!err && renameat(dir, first, dir, last))
		err = -errno;
	return err;
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

int pin_replace(const struct attachment *a, const struct pin *old,
		struct pin *new, struct err *e)
{
	char *name = strdup(old->name);
	int err = name ? name_new(old, new, e) : fail(e, ENOMEM, "no memory");

	if (err) {
		free(name);
		return err;
	}
	err = pin_at(a, new, e);
	if (!err) {
		err = take_place(old, new);
		if (err) {
			pin_remove_at(new, new->dir, new->name);
			pin_explain(err, name, e);
		}
	}
	free(new->name);
	new->name = name;
	if (err)
		pin_forget(new);
	return err;
}
