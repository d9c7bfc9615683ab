// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* handle.c - how much users may have open, and what is kept of nodes. */
#include <errno.h>
#include <fuse_lowlevel.h>

#include "fs/daemon/options.h"
#include "fs/tree/handle.h"
#include "fs/tree/meta.h"
#include "fs/tree/tree.h"
#include "fs/user/owner.h"
#include "tests/unit/check.h"

enum { TEXT = 1024 * 1024 };

static struct handles *handles;

/* Opens a text until that is refused; how often it was not. */
static int open_all(uid_t uid, int want, int refusal)
{
	struct handle *handle;
	int count = 0, err;

	while (!(err = handle_make(handles, uid, malloc(1), TEXT, false,
				   &handle)))
		count++;
	check_number("open", want, count);
	check_number("refused", refusal, err);
	return count;
}

static void check_shares(void)
{
	const int share = HANDLES_SHARE / (TEXT + HANDLE_COST);
	handles = handles_new();
	open_all(1, share, -EMFILE);
	open_all(2, share, -EMFILE);
	open_all(3, share, -EMFILE);
	/* What those left of what is not root's alone. */
	open_all(4, 2, -ENFILE);
	open_all(5, 0, -ENFILE);
	open_all(0, share + 1, -ENFILE);
	handles_free(handles);
}

/* One larger than a share can be read, if that is all. */
static void check_large(void)
{
	struct handle *handle = NULL, *other;

	handles = handles_new();
	check_number("a large one", 0,
		     handle_make(handles, 1, malloc(1), 2 * HANDLES_SHARE, true,
				 &handle));
	check_number("another", -EMFILE,
		     handle_make(handles, 1, malloc(1), 1, false, &other));
	check_number("it shrinks", 0,
		     handle_set_text(handles, handle, malloc(1), 1));
	check_number("another", 0,
		     handle_make(handles, 1, malloc(1), TEXT, false, &other));
	check_number("it grows too much", -EMFILE,
		     handle_set_text(handles, other, malloc(1),
				     HANDLES_SHARE + TEXT));
	check_number("it is as it was", TEXT, (int64_t)other->size);
	handle_drop(handles, handle->fh);
	handle_drop(handles, other->fh);
	check_number("all is given back", 0,
		     handle_make(handles, 2, malloc(1), HANDLES_SHARE, false,
				 &other));
	handles_free(handles);
}

/* A program of more rights has no more than the opener. */
static void check_limits(void)
{
	struct caller caller = { .uid = 1, .gid = 2 };
	struct handle *handle = NULL;

	handles = handles_new();
	check_number("open", 0,
		     handle_make(handles, 1, NULL, 0, true, &handle));
	handle->gid = 2;
	handle->caps = 0xf0;
	check_true("the opener", handle_limits(handle, &caller));
	check_true("its capabilities", caller.denied == ~UINT64_C(0xf0));
	caller.gid = 3;
	check_true("another group", !handle_limits(handle, &caller));
	caller = (struct caller){ .uid = 2, .gid = 2 };
	check_true("another user", !handle_limits(handle, &caller));
	handles_free(handles);
}

static bool is_kept(struct tree *tree, unsigned int area, uint64_t object)
{
	return meta_find(tree, node_number(area, object, SLOT_SELF));
}

static void check_metas(void)
{
	struct options options;
	struct tree *tree;
	uint64_t id;

	options_init(&options);
	tree = tree_new(&options.policy);
	for (id = 1; id <= 10 * METAS_OF_OBJECTS; id++) {
		meta_make(tree, node_number(AREA_PROG, id, SLOT_SELF));
		meta_make(tree, node_number(AREA_LINK, 7 * id, SLOT_SELF));
		meta_make(tree, node_number(AREA_PROBE, id, SLOT_SELF));
	}
	id--;
	check_true("the last program", is_kept(tree, AREA_PROG, id));
	check_true("the last link", is_kept(tree, AREA_LINK, 7 * id));
	check_true("what is within bounds",
		   is_kept(tree, AREA_PROG, id - METAS_OF_OBJECTS + 1));
	check_true("what is not",
		   !is_kept(tree, AREA_PROG, id - METAS_OF_OBJECTS));
	check_true("nor of links",
		   !is_kept(tree, AREA_LINK, 7 * (id - METAS_OF_OBJECTS)));
	check_true("probes have theirs", is_kept(tree, AREA_PROBE, 1));
	tree_free(tree);
	options_free(&options);
}

int main(void)
{
	check_shares();
	check_large();
	check_limits();
	check_metas();
	return check_end("handles");
}
