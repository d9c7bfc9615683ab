// SPDX-License-Identifier: BSD-2-Clause
/* loaded.c - what a program of type kprobe was loaded for. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/loaded.h"

/* clang-format off */
static const struct loaded rows[] = {
	{
		.section = "kprobe",
	},
	{
		.section = "kprobe.multi",
		.type = BPF_TRACE_KPROBE_MULTI,
		.place = PLACE_KERNEL,
	},
	{
		.section = "kprobe.session",
		.type = BPF_TRACE_KPROBE_SESSION,
		.place = PLACE_KERNEL,
		.session = true,
	},
	{
		.section = "uprobe.multi",
		.type = BPF_TRACE_UPROBE_MULTI,
		.place = PLACE_FILE,
	},
	{
		.section = "uprobe.session",
		.type = BPF_TRACE_UPROBE_SESSION,
		.place = PLACE_FILE,
		.session = true,
	},
};
/* clang-format on */

enum { NROWS = COUNT(rows) };

const struct loaded *loaded_find(uint32_t type)
{
	size_t i;

	for (i = 0; i < NROWS; i++)
		if (rows[i].type == type)
			return &rows[i];
	return NULL;
}

/* The errno by which the kernel says that it would make such a link. */
static int agrees(const struct loaded *row)
{
	return row->place == PLACE_KERNEL ? -EFAULT : -EBADF;
}

static int try_multi(const struct loaded *row, int prog_fd)
{
	return row->place == PLACE_KERNEL
		       ? bpf_try_kprobe_multi(prog_fd, row->type)
		       : bpf_try_uprobe_multi(prog_fd, row->type, 0);
}

static int fail_ask(int err, struct err *e)
{
	return fail(
		e, -err,
		"the kernel does not tell what the program was loaded for: %s",
		strerror(errno_clamp(-err)));
}

/*
 * One that links on events refuse.  EOPNOTSUPP: the kernel has no such links,
 * but would take the program for one.
 */
static int find_multi(int prog_fd, const struct loaded **loaded, struct err *e)
{
	size_t i;
	int err;

	for (i = 1; i < NROWS; i++) {
		err = try_multi(&rows[i], prog_fd);
		*loaded = &rows[i];
		if (err == agrees(&rows[i]) || err == -EOPNOTSUPP)
			return 0;
		if (err != -EINVAL)
			return fail_ask(err, e);
	}
	return fail(
		e, EINVAL,
		"the program was loaded for another expected attach type than a kprobe, a uprobe, their multi links or their sessions");
}

/*
 * Before 6.6 a link on an event takes a program for kprobe.multi too, so that
 * is asked first; then most programs are for events.
 */
int program_loaded_for(int prog_fd, const struct loaded **loaded, struct err *e)
{
	const struct loaded *multi = loaded_find(BPF_TRACE_KPROBE_MULTI);
	int has, err = try_multi(multi, prog_fd);

	if (err == agrees(multi)) {
		*loaded = multi;
		return 0;
	}
	if (err != -EINVAL && err != -EOPNOTSUPP)
		return fail_ask(err, e);
	*loaded = &rows[0];
	err = bpf_link_perf(prog_fd, -1, 0);
	if (err == -EBADF)
		return 0;
	if (err != -EINVAL)
		return fail_ask(err, e);
	has = feature_ask(FEATURE_PERF_LINK, e);
	return has > 0 ? find_multi(prog_fd, loaded, e) : has;
}
