// SPDX-License-Identifier: BSD-2-Clause
/* follow_write.c - what is followed after a write. */
#include <errno.h>

#include "attach/fate.h"
#include "fs/change/follow.h"
#include "fs/change/follow_write.h"
#include "fs/user/proc_path.h"

static int follow_file(struct change *c, const struct attached *attached,
		       struct err *e)
{
	const char *path = attachment_file(attached->attachment);
	struct proc_path of_process;

	if (proc_path_parse(path, &of_process))
		return fail(
			e, EOPNOTSUPP,
			"'%s' is what a process has, and that cannot be followed; write the path of the file to 'path'",
			path);
	return follow_start(follow_of(c->tree), probe_number(c->probe),
			    c->caller, path, e);
}

int change_follow(struct change *c, struct err *e)
{
	if (!c->probe->attached)
		return 0;
	if (text_number(change_text_of(c, TEXT_FOLLOW), 0))
		return follow_file(c, c->probe->attached, e);
	follow_stop(follow_of(c->tree), probe_number(c->probe));
	return 0;
}

/* What comes from now on is told; what has come meanwhile is looked at. */
static int follow_cpus(struct change *c, const struct attached *attached,
		       struct err *e)
{
	uint64_t number = probe_number(c->probe);
	int err = follow_start(follow_of(c->tree), number, c->caller, NULL, e);
	struct fate fate;

	if (err)
		return err;
	attachment_fate(attached->attachment, NULL, &fate);
	if (fate.is == FATE_CHANGED)
		follow_look(follow_of(c->tree), number);
	fate_clear(&fate);
	return 0;
}

/* What is on CPUs is always followed; a file, if `follow` says so. */
static int follow_on(struct change *c, const struct attached *attached,
		     const char *text, struct err *e)
{
	if (attached && attachment_grows(attached->attachment))
		return follow_cpus(c, attached, e);
	if (attached && text_number(text, 0))
		return follow_file(c, attached, e);
	follow_stop(follow_of(c->tree), probe_number(c->probe));
	return 0;
}

void change_follow_on(struct change *c, bool taken)
{
	const struct attached *attached =
		taken ? c->next.attached : c->probe->attached;
	const char *text = taken ? change_text_of(c, TEXT_FOLLOW)
				 : c->probe->config.texts[TEXT_FOLLOW];
	struct err why;

	if (follow_on(c, attached, text, &why))
		follow_refused(follow_of(c->tree), probe_number(c->probe),
			       &why);
}
