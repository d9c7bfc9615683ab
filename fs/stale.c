// SPDX-License-Identifier: BSD-2-Clause
/* stale.c - the value in force is a program on a target, not on a name. */
#include <errno.h>

#include "attach/binary.h"
#include "attach/fate.h"
#include "fs/stale.h"

static bool is_whole(const struct attachment *a)
{
	struct fate fate;
	bool whole;

	attachment_fate(a, NULL, &fate);
	whole = fate.is == FATE_WHOLE;
	fate_clear(&fate);
	return whole;
}

/* A file that this writer may not open is left to those who may. */
static bool has_other_file(const struct change *c, const struct file_mark *mark)
{
	const struct kind *kind = c->probe->record.kind;
	struct opener opener = caller_opener(c->caller);
	struct binary binary;
	struct err why;
	bool other;
	void *spec;
	int err;

	if (record_spec(&c->probe->record, c->slot, c->text, &spec, &why))
		return false;
	err = kind->open(spec, &opener, &binary, &why);
	other = err ? err == -ENOENT : file_differs(mark, binary.fd, &why);
	binary_clear(&binary);
	spec_free(kind, spec);
	return other;
}

bool change_is_stale(const struct change *c)
{
	const struct live *live = c->probe->live;

	if (!live)
		return false;
	if (!is_whole(live->attachment))
		return true;
	return c->probe->record.kind->open &&
	       has_other_file(c, &live->attachment->target.mark);
}
