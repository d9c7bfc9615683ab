// SPDX-License-Identifier: BSD-2-Clause
/* renew.c - the program of a probe on the file that took the place of its. */
#include <errno.h>
#include <string.h>

#include "attach/fate.h"
#include "fs/change/apply.h"
#include "fs/change/renew.h"
#include "fs/change/stale.h"
#include "fs/user/throttle.h"

static bool has_gone(const struct attached *attached)
{
	struct fate fate;
	bool gone;

	attachment_fate(attached->attachment, NULL, &fate);
	gone = fate.is == FATE_GONE;
	fate_clear(&fate);
	return gone;
}

/* A process that has exited has no other file. */
static bool is_followed(const struct change *c)
{
	return c->probe->attached && !has_gone(c->probe->attached) &&
	       text_number(c->probe->config.texts[TEXT_FOLLOW], 0);
}

/* *done: it has another file, which is to be put in place. */
static int renew(struct change *c, char **path, bool *done, struct err *e)
{
	bool stale;
	int err;

	if (!is_followed(c))
		return 0;
	err = change_compare(c, &stale, e);
	if (!err && stale)
		err = apply_own(c, e);
	*done = !err && stale;
	if (!*done)
		return err;
	*path = strdup(attachment_file(c->next.attached->attachment));
	return *path ? 0 : fail(e, ENOMEM, "no memory");
}

int change_renew(struct tree *tree, struct mandate *mandate, uint64_t number,
		 char **path, struct err *e)
{
	struct caller caller = *mandate_caller(mandate);
	struct change c = {
		.tree = tree,
		.caller = &caller,
		.renews = true,
	};
	bool done = false;
	int err;

	*path = NULL;
	err = throttle_enter(THROTTLE_WRITE, caller.uid, e);
	if (err)
		return err;
	err = change_begin(&c, number, e);
	if (!err) {
		if (c.probe->attached)
			caller.process =
				c.probe->attached->attachment->target.pid;
		err = renew(&c, path, &done, e);
		change_end(&c, done, NULL, NULL);
	}
	throttle_leave(THROTTLE_WRITE, caller.uid);
	return err;
}
