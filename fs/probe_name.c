// SPDX-License-Identifier: BSD-2-Clause
/* probe_name.c - what a name in a probe's directory stands for. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "fs/probe_name.h"
#include "fs/tree/scratch.h"

int probe_name_find(struct tree *tree, uint64_t dir, const char *name,
		    struct probe_name *out)
{
	const struct area *area = area_at(dir);
	struct node node = node_of(dir);
	uint64_t ignored;

	*out = (struct probe_name){ 0 };
	if (area->holds != HOLDS_SCRATCH)
		return -EPERM;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	out->nest = nest_of(tree, dir);
	if (!out->nest)
		return -ENOENT;
	if (file_named(tree, dir, name, &out->slot, &out->file)) {
		out->number = node_number(node.area, node.object, out->slot);
		out->hidden = file_hidden(tree, dir, out->slot);
	}
	/* Older than the file of a built-in program, and seen without that. */
	if (!out->slot || out->hidden)
		out->scratch = scratch_named(tree, out->nest, name);
	/* A directory that comes with it. */
	if (!out->slot && !out->scratch && area->lookup &&
	    !area->lookup(tree, dir, name, &ignored))
		return -EPERM;
	if (out->scratch) {
		out->number = out->scratch->number;
		out->slot = 0;
		out->hidden = false;
	}
	return 0;
}
