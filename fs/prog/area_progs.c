// SPDX-License-Identifier: BSD-2-Clause
/* area_progs.c - prog/: what is built in, loaded here, and the kernel's. */
#include <errno.h>

#include "fs/prog/upload.h"
#include "fs/tree/area_common.h"
#include "fs/tree/objects.h"
#include "fs/tree/show.h"

/* The built-in programs, which are loaded when they are attached. */
static size_t builtin_count(void)
{
	size_t count = 0;

	while (builtins[count].name)
		count++;
	return count;
}

static uint64_t builtin_number(size_t place)
{
	return node_number(AREA_BUILTIN, place, SLOT_SELF);
}

/* No id is a name of ours. */
static int prog_lookup(struct tree *tree, uint64_t dir, const char *name,
		       uint64_t *number)
{
	const struct builtin *builtin = builtin_find(name);
	const struct upload *upload;

	(void)dir;
	if (builtin) {
		*number = builtin_number((size_t)(builtin - builtins));
		return 0;
	}
	pthread_mutex_lock(&tree->lock);
	upload = upload_named(tree, name);
	if (upload)
		*number = upload_number(upload);
	pthread_mutex_unlock(&tree->lock);
	return upload ? 0
		      : object_lookup(AREA_PROG, bpf_prog_next, name, number);
}

/* Places in a listing: ids of the kernel have 32 bits, and ours count objects. */
#define PLACE_LOADED  (UINT64_C(1) << 32)
#define PLACE_BUILTIN (UINT64_C(1) << 48)

static bool list_loaded(struct tree *tree, uint64_t after,
			struct dir_sink *sink)
{
	const struct upload *upload;
	bool more = true;

	pthread_mutex_lock(&tree->lock);
	while (more && (upload = upload_next(tree, after))) {
		after = upload->id;
		more = area_add_child(sink, upload->name, upload_number(upload),
				      true, PLACE_LOADED + after);
	}
	pthread_mutex_unlock(&tree->lock);
	return more;
}

static void list_builtin(size_t after, struct dir_sink *sink)
{
	size_t i;

	for (i = after; i < builtin_count(); i++)
		if (!area_add_child(sink, builtins[i].name, builtin_number(i),
				    true, PLACE_BUILTIN + i + 1))
			return;
}

/* What a full listing ends with is where it goes on. */
static void prog_list(struct tree *tree, uint64_t dir, uint64_t after,
		      struct dir_sink *sink)
{
	(void)dir;
	if (after < PLACE_LOADED) {
		if (!object_list(AREA_PROG, bpf_prog_next, after, sink))
			return;
		after = PLACE_LOADED;
	}
	if (after < PLACE_BUILTIN) {
		if (!list_loaded(tree, after - PLACE_LOADED, sink))
			return;
		after = PLACE_BUILTIN;
	}
	list_builtin((size_t)(after - PLACE_BUILTIN), sink);
}

static const struct file progs_files[] = {
	TELLS_ADDRESSES(
		"error", show_dir_error,
		"why what was last asked of this directory was refused"),
	{ 0 },
};

const struct area area_progs = {
	.holds = HOLDS_PROGRAMS,
	.files = progs_files,
	.lookup = prog_lookup,
	.list = prog_list,
	.unlocked = true,
	.attr = area_mount_attr,
	.error = area_mount_error,
};
