// SPDX-License-Identifier: BSD-2-Clause
/* follow_write.c - what is followed after a write. */
#include <errno.h>

#include "fs/change/follow.h"
#include "fs/change/follow_write.h"
#include "fs/user/proc_path.h"

static int follow_file(struct change *c, struct err *e)
{
	const char *path = attachment_file(c->probe->attached->attachment);
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
	bool on = false;
	int err = c->value[0] ? type_flag.parse(&on, c->value, e) : 0;

	if (err || !c->probe->attached)
		return err;
	if (on)
		return follow_file(c, e);
	follow_stop(follow_of(c->tree), probe_number(c->probe));
	return 0;
}

void change_follow_on(struct change *c)
{
	uint64_t number = probe_number(c->probe);
	struct err why;

	if (!c->probe->config.kind->open)
		return;
	if (!c->probe->attached ||
	    !config_number(&c->probe->config, TEXT_FOLLOW, 0))
		follow_stop(follow_of(c->tree), number);
	else if (follow_file(c, &why))
		follow_refused(follow_of(c->tree), number, &why);
}
