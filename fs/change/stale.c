// SPDX-License-Identifier: BSD-2-Clause
/* stale.c - the value in force is a program on a target, not on a name. */
#include <errno.h>

#include "attach/fate.h"
#include "attach/kind/uprobe/binary.h"
#include "fs/change/stale.h"
#include "fs/user/opener.h"

static bool is_whole(const struct attachment *a)
{
	struct fate fate;
	bool whole;

	attachment_fate(a, NULL, &fate);
	whole = fate.is == FATE_WHOLE;
	fate_clear(&fate);
	return whole;
}

int change_compare(const struct change *c, bool *stale, struct err *e)
{
	const struct kind *kind = c->probe->config.kind;
	const struct attached *attached = c->probe->attached;
	struct opener opener = opener_of(c->caller);
	struct binary binary;
	char *texts[TEXT_MAX];
	struct err why;
	void *spec;
	int err;

	*stale = false;
	change_texts(c, texts);
	err = config_spec(kind, texts, &spec, e);
	if (err)
		return err;
	err = kind->open(spec, &opener, &binary, e);
	if (!err)
		*stale = file_differs(&attached->attachment->target.event.mark,
				      binary.fd, &why);
	binary_clear(&binary);
	spec_free(kind, spec);
	return err;
}

bool change_is_stale(const struct change *c)
{
	const struct attached *attached = c->probe->attached;
	bool stale;
	int err;

	if (!attached)
		return false;
	if (!is_whole(attached->attachment))
		return true;
	if (!c->probe->config.kind->open)
		return false;
	err = change_compare(c, &stale, NULL);
	return err ? err == -ENOENT : stale;
}
