// SPDX-License-Identifier: BSD-2-Clause
/* renew.c - the program of a probe on another file, or on more CPUs. */
#include <errno.h>
#include <string.h>

#include "attach/fate.h"
#include "fs/change/apply.h"
#include "fs/change/renew.h"
#include "fs/change/stale.h"
#include "fs/user/throttle.h"

static enum fate_is fate_of(const struct attached *attached)
{
	struct fate fate;
	enum fate_is is;

	attachment_fate(attached->attachment, NULL, &fate);
	is = fate.is;
	fate_clear(&fate);
	return is;
}

/* Another file in the place of the one that is attached. */
static int renew_file(struct change *c, struct renewal *renewal, struct err *e)
{
	bool stale;
	int err = change_compare(c, &stale, e);

	if (!err && stale)
		err = apply_own(c, e);
	renewal->done = !err && stale;
	if (!renewal->done)
		return err;
	renewal->path = strdup(attachment_file(c->next.attached->attachment));
	return renewal->path ? 0 : fail(e, ENOMEM, "no memory");
}

/* A process that has exited has no other file. */
static int renew(struct change *c, struct renewal *renewal, struct err *e)
{
	const struct attached *attached = c->probe->attached;
	enum fate_is fate = attached ? fate_of(attached) : FATE_GONE;
	int err;

	if (fate == FATE_GONE)
		return 0;
	if (text_number(c->probe->config.texts[TEXT_FOLLOW], 0))
		return renew_file(c, renewal, e);
	if (!attachment_grows(attached->attachment) || fate == FATE_WHOLE)
		return 0;
	err = apply_more(c, e);
	renewal->done = !err;
	return err;
}

int change_renew(struct tree *tree, struct mandate *mandate, uint64_t number,
		 struct renewal *renewal, struct err *e)
{
	struct caller caller = *mandate_caller(mandate);
	struct change c = {
		.tree = tree,
		.caller = &caller,
		.renews = true,
	};
	int err;

	*renewal = (struct renewal){ .done = false };
	err = throttle_enter(THROTTLE_WRITE, caller.uid, e);
	if (err)
		return err;
	err = change_begin(&c, number, e);
	if (!err) {
		if (c.probe->attached)
			caller.process =
				c.probe->attached->attachment->target.pid;
		err = renew(&c, renewal, e);
		change_end(&c, renewal->done, NULL, NULL);
	}
	throttle_leave(THROTTLE_WRITE, caller.uid);
	return err;
}
