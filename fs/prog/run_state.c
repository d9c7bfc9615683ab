// SPDX-License-Identifier: BSD-2-Clause
/* run_state.c - what programs are run on, and what came of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fs/prog/run_state.h"
#include "fs/prog/upload.h"
#include "fs/user/owner.h"

static time_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec;
}

static void state_free(struct run_state *state)
{
	free(state->data.bytes);
	free(state->ctx.bytes);
	test_result_clear(&state->result);
	free(state);
}

/* One that is used is freed by who uses it. */
static void drop(struct run_state *state)
{
	LIST_REMOVE(state, entry);
	state->forgotten = true;
	if (!state->busy)
		state_free(state);
}

bool run_state_release(struct run_state *state)
{
	bool forgotten = state->forgotten;

	state->busy = false;
	if (forgotten)
		state_free(state);
	return forgotten;
}

void run_states_drop(struct tree *tree, uint64_t first, uint64_t last)
{
	struct run_state *state, *next;

	for (state = LIST_FIRST(&tree->runs); state; state = next) {
		next = LIST_NEXT(state, entry);
		if (state->dir >= first && state->dir <= last)
			drop(state);
	}
}

void run_states_free(struct tree *tree)
{
	run_states_drop(tree, 0, UINT64_MAX);
}

/* Nobody has touched it for long, or finds it: its object was removed. */
static bool is_old(struct tree *tree, const struct run_state *state)
{
	return state->touched < now() - RUN_SECONDS ||
	       (node_of(state->dir).area == AREA_LOADED_RUN &&
		!upload_at(tree, state->dir));
}

static void drop_old(struct tree *tree, const struct run_state *but)
{
	struct run_state *state, *next;

	for (state = LIST_FIRST(&tree->runs); state; state = next) {
		next = LIST_NEXT(state, entry);
		if (state != but && !state->busy && is_old(tree, state))
			drop(state);
	}
}

static size_t bytes_of(const struct run_state *state)
{
	return RUN_COST + state->data.size + state->ctx.size +
	       state->result.data.size + state->result.ctx.size;
}

/* but: is to be there still. */
static int has_room(struct tree *tree, const struct run_state *but, uid_t owner,
		    size_t more, struct err *e)
{
	size_t limit = owner ? RUN_TOTAL - RUN_SHARE : RUN_TOTAL;
	const struct run_state *state;
	size_t all = more, own = more;

	drop_old(tree, but);
	LIST_FOREACH(state, &tree->runs, entry) {
		all += bytes_of(state);
		own += state->owner == owner ? bytes_of(state) : 0;
	}
	if (owner && own > RUN_SHARE)
		return fail(
			e, ENOSPC,
			"what you have in directories 'run' is all that one may have: empty 'data_in' and 'ctx_in' of others");
	if (all > limit)
		return fail(e, ENOSPC,
			    "directories 'run' are full; try again later");
	return 0;
}

struct run_state *run_state_find(struct tree *tree, uint64_t dir)
{
	struct run_state *state;

	LIST_FOREACH(state, &tree->runs, entry)
		if (state->dir == dir)
			break;
	return state;
}

int run_state_make(struct tree *tree, uint64_t dir, uid_t uid,
		   struct run_state **out, struct err *e)
{
	struct run_state *state = run_state_find(tree, dir);
	uid_t owner = owner_of(uid);
	int err = 0;

	if (!state) {
		err = has_room(tree, NULL, owner, RUN_COST, e);
		if (err)
			return err;
		state = calloc(1, sizeof(*state));
		if (!state)
			return fail(e, ENOMEM, "no memory");
		state->dir = dir;
		state->owner = owner;
		LIST_INSERT_HEAD(&tree->runs, state, entry);
	}
	state->touched = now();
	*out = state;
	return 0;
}

int run_state_resize(struct tree *tree, struct run_state *state,
		     struct test_bytes *bytes, size_t size, struct err *e)
{
	char *grown;
	int err = 0;

	if (size > TEST_BYTES)
		return fail(e, EFBIG, "more than %d bytes", TEST_BYTES);
	if (size > bytes->size)
		err = has_room(tree, state, state->owner, size - bytes->size,
			       e);
	if (err)
		return err;
	grown = realloc(bytes->bytes, size ? size : 1);
	if (!grown)
		return fail(e, ENOMEM, "no memory");
	if (size > bytes->size)
		memset(grown + bytes->size, 0, size - bytes->size);
	bytes->bytes = grown;
	bytes->size = size;
	return 0;
}

int run_state_finish(struct tree *tree, struct run_state *state,
		     struct test_result *result, struct err *e)
{
	int err;

	test_result_clear(&state->result);
	state->done = false;
	err = has_room(tree, state, state->owner,
		       result->data.size + result->ctx.size, e);
	if (err)
		return err;
	state->result = *result;
	state->done = true;
	*result = (struct test_result){ 0 };
	return 0;
}
