// SPDX-License-Identifier: BSD-2-Clause
/* run_go.c - having a program run on what was written. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "fs/prog/member.h"
#include "fs/prog/run_go.h"
#include "fs/prog/run_state.h"
#include "fs/user/cred.h"
#include "fs/user/netns.h"
#include "scope.h"

/* One run: the copies that it is made of, and as whom. */
struct going {
	const struct caller *caller;
	struct cred identity;
	struct test_run run;
	char *data, *ctx; /* owned */
};

static int copy(const struct test_bytes *from, char **to,
		struct test_bytes *out)
{
	if (!from->size)
		return 0;
	*to = malloc(from->size);
	if (!*to)
		return -ENOMEM;
	memcpy(*to, from->bytes, from->size);
	*out = (struct test_bytes){ *to, from->size };
	return 0;
}

/* With the lock held. */
static int begin(struct run_state *state, struct going *going, struct err *e)
{
	const struct run_number *numbers = state->numbers;
	struct test_run *run = &going->run;

	if (state->busy)
		return fail(
			e, EBUSY,
			"a run of this program is under way here; try again when it has ended");
	if (copy(&state->data, &going->data, &run->data) ||
	    copy(&state->ctx, &going->ctx, &run->ctx))
		return fail(e, ENOMEM, "no memory for the run");
	run->repeat = numbers[RUN_REPEAT].value;
	run->on_cpu = numbers[RUN_CPU].text[0];
	run->cpu = numbers[RUN_CPU].value;
	run->flags = numbers[RUN_FLAGS].value;
	run->batch_size = numbers[RUN_BATCH_SIZE].value;
	state->busy = true;
	return 0;
}

static int open_loaded(struct tree *tree, const struct caller *caller,
		       struct node node, struct err *e)
{
	struct member member;
	int fd = -1, err = member_get(tree, node, &member, e);

	if (err)
		return err;
	err = member_check(&member, caller, e);
	if (!err)
		fd = member_fd(&member, MEMBERS_PROGRAMS, e);
	member_put(&member);
	return err ? err : fd;
}

static int open_by_id(const struct caller *caller, struct node node,
		      struct err *e)
{
	uint32_t id = (uint32_t)node.object;
	int fd;

	if (!caller_may_use_ids(caller))
		return fail(
			e, EPERM,
			"running a program of the kernel by its id needs CAP_SYS_ADMIN");
	fd = bpf_prog_by_id(id);
	return fd < 0 ? program_fail(fd, id, e) : fd;
}

static int open_program(struct tree *tree, const struct caller *caller,
			struct node node, struct err *e)
{
	return node.area == AREA_LOADED_RUN ? open_loaded(tree, caller, node, e)
					    : open_by_id(caller, node, e);
}

static void set_user(struct going *going)
{
	const struct caller *caller = going->caller;
	const struct cred *identity = &going->identity;

	going->run.uid = caller->uid;
	going->run.gid = caller->gid;
	going->run.groups = identity->groups;
	going->run.ngroups = identity->ngroups;
	going->run.caps = identity->in_our_user_ns ? identity->caps : 0;
	going->run.interrupted = caller->interrupted;
	going->run.ctx_of_user = caller->request;
}

/* What the kernel finds of the user: rights, and interfaces by number. */
static int run_as(struct tree *tree, struct going *going, struct node node,
		  struct test_result *result, struct err *e)
{
	scoped_fd int prog_fd = open_program(tree, going->caller, node, e);
	int err;

	if (prog_fd < 0)
		return prog_fd;
	err = caller_identify(going->caller, &going->identity, e);
	if (!err && going->identity.more_groups)
		err = fail(e, EPERM, "you are in more than %d groups",
			   IDENTITY_GROUPS);
	if (err)
		return err;
	scoped_fd int netns = caller_netns(going->caller, NULL, e);

	if (netns < 0)
		return netns;
	going->run.netns = netns;
	set_user(going);
	return test_run(prog_fd, &going->run, result, e);
}

/* err: of the run, whose result is kept if it has one. */
static int finish(struct tree *tree, struct run_state *state, int err,
		  struct test_result *result, struct err *e)
{
	pthread_mutex_lock(&tree->lock);
	if (!run_state_release(state) && (!err || err == -ENOSPC)) {
		int kept =
			run_state_finish(tree, state, result, err ? NULL : e);

		err = err ? err : kept;
	}
	pthread_mutex_unlock(&tree->lock);
	test_result_clear(result);
	return err;
}

static int go(struct tree *tree, const struct caller *caller, struct node node,
	      struct err *e)
{
	uint64_t dir = node_number(node.area, node.object, SLOT_SELF);
	struct going going = { .caller = caller };
	struct test_result result = { 0 };
	struct run_state *state;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = run_state_make(tree, dir, caller->uid, &state, e);
	if (!err)
		err = begin(state, &going, e);
	pthread_mutex_unlock(&tree->lock);
	if (!err) {
		err = run_as(tree, &going, node, &result, e);
		err = finish(tree, state, err, &result, e);
	}
	free(going.data);
	free(going.ctx);
	return err;
}

int run_go(struct tree *tree, const struct caller *caller, uint64_t number,
	   char *value, struct err *e)
{
	bool on = false;
	int err = value[0] ? type_flag.parse(&on, value, e) : 0;

	return err || !on ? err : go(tree, caller, node_of(number), e);
}
