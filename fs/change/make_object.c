// SPDX-License-Identifier: BSD-2-Clause
/* make_object.c - object files that come and go, and why they do not. */
#include "fs/change/last_error.h"
#include "fs/change/make_object.h"
#include "fs/prog/make.h"

static int told(struct tree *tree, uint64_t dir, const char *what,
		const char *name, int err, const struct err *e)
{
	last_error_keep(tree, dir, err ? last_error_text(what, name, e) : NULL);
	return err;
}

int make_object(struct tree *tree, const struct caller *caller, uint64_t dir,
		const char *name, mode_t mode, uint64_t *number)
{
	struct err e;
	int err = upload_mkdir(tree, caller, dir, name, mode, number, &e);

	return told(tree, dir, "mkdir", name, err, &e);
}

int remove_object(struct tree *tree, const struct caller *caller, uint64_t dir,
		  const char *name)
{
	struct err e;
	int err = upload_rmdir(tree, dir, name, &e);

	(void)caller;
	return told(tree, dir, "rmdir", name, err, &e);
}
