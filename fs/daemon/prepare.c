// SPDX-License-Identifier: BSD-2-Clause
/* prepare.c - what the file system needs before it can be mounted. */
#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>

#include "attach/kernel/tracefs.h"
#include "attach/kind/usdt/usdt.h"
#include "fs/change/follow.h"
#include "fs/daemon/caps.h"
#include "fs/daemon/prepare.h"
#include "fs/prog/refer.h"
#include "fs/prog/run_state.h"
#include "fs/prog/upload.h"
#include "fs/tree/area.h"
#include "fs/tree/probe.h"
#include "fs/stream.h"

static const char default_bpffs[] = "/sys/fs/bpf";

static bool is_bpffs(const char *path)
{
	struct statfs fs;

	return !statfs(path, &fs) && (uint32_t)fs.f_type == BPF_FS_MAGIC;
}

/*
 * Without a bpffs there are no pins, but all else works: only one that was
 * named must be there.
 */
static int bpffs_setup(const struct options *o, struct err *e)
{
	const char *path = o->bpffs ? o->bpffs : default_bpffs;

	if (is_bpffs(path))
		return 0;
	if (!o->nomount &&
	    !mount("bpf", path, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return 0;
	if (!o->bpffs)
		return 0;
	return o->nomount
		       ? fail(e, ENODEV, "'%s' is no bpffs", path)
		       : fail(e, ENODEV,
			      "'%s' is no bpffs, and mounting one there failed: %s",
			      path, strerror(errno_clamp(errno)));
}

/* The same of tracefs: tracefs_root() tells its caller why it is not there. */
static int tracefs_prepare(const struct options *o, struct err *e)
{
	int err = tracefs_setup(o->tracefs, !o->nomount, e);

	if (err)
		return o->tracefs ? err : 0;
	tracefs_collect();
	return 0;
}

int prepare_prepare(const struct options *o, struct err *e)
{
	int err = bpffs_setup(o, e);

	usdt_set_nop5(o->nop5);

	return err ? err : tracefs_prepare(o, e);
}

void *prepare_make(const struct options *o, struct err *e)
{
	struct tree *tree = NULL;

	if (caps_drop(e))
		return NULL;
	tree = tree_new(&o->policy);
	if (tree)
		tree->own = (struct own){ area_refer, refer_find };
	if (tree && follow_new(tree))
		return tree;
	tree_free(tree);
	fail(e, ENOMEM, "no memory");
	return NULL;
}

void prepare_free(void *state)
{
	struct tree *tree = state;

	if (!tree)
		return;
	follow_free(follow_of(tree));
	upload_free_all(tree);
	probe_end_all(tree);
	streams_free(tree);
	run_states_free(tree);
	tree_free(tree);
}
