// SPDX-License-Identifier: BSD-2-Clause
/* test_run.c - running a program once or often. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/in_netns.h"
#include "attach/kernel/program.h"
#include "attach/program/run/test_child.h"
#include "attach/program/run/test_run.h"
#include "attach/program/run/test_type.h"
#include "scope.h"

enum { ALIGNED = 64 };

/* What the child is given, and where in the memory that it shares. */
struct room {
	const struct test_type *type;
	size_t data, data_back, ctx, ctx_back; /* bytes */
	size_t size; /* of all */
	union bpf_attr attr; /* that is asked: places, not addresses */
	int fd; /* of the memory; owned */
	struct test_shared *shared;
};

static size_t align(size_t size)
{
	return (size + ALIGNED - 1) / ALIGNED * ALIGNED;
}

static void measure(struct room *room, const struct test_run *run)
{
	unsigned int parts = room->type->parts;
	/* Frames that are sent do not come back. */
	bool live = room->type->type == BPF_PROG_TYPE_XDP &&
		    run->flags & BPF_F_TEST_XDP_LIVE_FRAMES;

	room->ctx = run->ctx.size;
	if (parts & TEST_DATA)
		room->data = run->data.size;
	if (parts & TEST_DATA_BACK && room->data && !live)
		room->data_back = room->data + TEST_DATA_MORE;
	if ((parts & TEST_CTX_BACK ||
	     (parts & TEST_CTX_RETURNED && room->ctx)) &&
	    !live)
		room->ctx_back = TEST_CTX_OUT;
	room->size = sizeof(*room->shared) + align(room->data) +
		     align(room->data_back) + align(room->ctx) +
		     align(room->ctx_back) + ALIGNED;
}

/* The next bytes of the memory; 0: none. */
static uint64_t place(const struct room *room, size_t *at, const void *from,
		      size_t size)
{
	size_t to = *at;

	if (!size)
		return 0;
	if (from)
		memcpy((char *)room->shared + to, from, size);
	*at += align(size);
	return to;
}

static void fill_attr(struct room *room, const struct test_run *run)
{
	union bpf_attr *attr = &room->attr;
	size_t at = align(sizeof(*room->shared));

	attr->test.data_size_in = (uint32_t)room->data;
	attr->test.data_in = place(room, &at, run->data.bytes, room->data);
	attr->test.data_size_out = (uint32_t)room->data_back;
	attr->test.data_out = place(room, &at, NULL, room->data_back);
	attr->test.ctx_size_in = (uint32_t)room->ctx;
	attr->test.ctx_in = place(room, &at, run->ctx.bytes, room->ctx);
	attr->test.ctx_size_out = (uint32_t)room->ctx_back;
	attr->test.ctx_out = place(room, &at, NULL, room->ctx_back);
	attr->test.flags = run->flags;
	attr->test.batch_size = run->batch_size;
	if (run->on_cpu) {
		attr->test.flags |= BPF_F_TEST_RUN_ON_CPU;
		attr->test.cpu = run->cpu;
	}
	if (room->type->parts & TEST_REPEAT)
		attr->test.repeat = run->repeat;
}

static void fill(struct room *room, const struct test_run *run)
{
	struct test_shared *shared = room->shared;

	fill_attr(room, run);
	shared->attr = room->attr;
	shared->uid = run->uid;
	shared->gid = run->gid;
	shared->ngroups =
		run->ngroups < TEST_GROUPS ? run->ngroups : TEST_GROUPS;
	memcpy(shared->groups, run->groups,
	       shared->ngroups * sizeof(*run->groups));
	shared->caps = run->caps;
	shared->netns = run->netns >= 0 && !netns_is_own(run->netns);
}

/*
 * The kernel tells how much there was, which can be more than it gave; and a
 * program can write what it likes to memory of its process.
 */
static int take_bytes(const struct room *room, struct test_bytes *out,
		      uint64_t from, size_t told, size_t most)
{
	size_t size = told < most ? told : most;

	if (!size)
		return 0;
	out->bytes = malloc(size);
	if (!out->bytes)
		return -ENOMEM;
	memcpy(out->bytes, (const char *)room->shared + from, size);
	out->size = size;
	return 0;
}

/* cut: the kernel has not come to the context. */
static int take_result(const struct room *room, bool cut,
		       struct test_result *out, struct err *e)
{
	const union bpf_attr *attr = &room->shared->attr;
	bool in_place = room->type->parts & TEST_CTX_IN_PLACE;
	struct test_result result = {
		.retval = attr->test.retval,
		.timed = room->type->parts & TEST_REPEAT,
		.duration = attr->test.duration,
	};
	int err = take_bytes(room, &result.data, room->attr.test.data_out,
			     attr->test.data_size_out, room->data_back);

	if (!err && !cut)
		err = take_bytes(room, &result.ctx,
				 in_place ? room->attr.test.ctx_in
					  : room->attr.test.ctx_out,
				 in_place ? room->ctx : attr->test.ctx_size_out,
				 in_place ? room->ctx : room->ctx_back);
	if (err) {
		test_result_clear(&result);
		return fail(e, -err, "no memory");
	}
	*out = result;
	return 0;
}

static int run_in(struct room *room, int prog_fd, enum bpf_prog_type type,
		  const struct test_run *run, struct test_result *out,
		  struct err *e)
{
	int err, kernel;

	fill(room, run);
	err = test_child_run(room->fd, prog_fd, run, room->shared, e);
	if (err)
		return err;
	kernel = room->shared->err < 0 ? -room->shared->err : 0;
	if (kernel && !room->shared->ran)
		return fail(e, kernel,
			    "probefs could not run it in your name: %s",
			    strerror(errno_clamp(kernel)));
	if (!kernel || kernel == ENOSPC)
		err = take_result(room, kernel, out, e);
	if (!err && kernel)
		err = test_type_explain(room->type, type, run, kernel, e);
	return err;
}

static int room_make(struct room *room, struct err *e)
{
	room->fd = memfd_create(TEST_CHILD_NAME, MFD_CLOEXEC);
	if (room->fd < 0 || ftruncate(room->fd, (off_t)room->size))
		return fail(e, errno, "no memory for the run");
	room->shared = mmap(NULL, room->size, PROT_READ | PROT_WRITE,
			    MAP_SHARED, room->fd, 0);
	if (room->shared != MAP_FAILED)
		return 0;
	room->shared = NULL;
	return fail(e, ENOMEM, "no memory for the run");
}

static void room_free(struct room *room)
{
	if (room->shared)
		munmap(room->shared, room->size);
	fd_close(room->fd);
}

int test_run(int prog_fd, const struct test_run *run, struct test_result *out,
	     struct err *e)
{
	struct room room = { 0 };
	struct program program;
	int err = program_info(prog_fd, &program);

	if (err)
		return fail(e, -err,
			    "the kernel does not describe the program");
	room.type = test_type_of(program.type);
	err = test_type_check(room.type, program.type, run, e);
	if (err)
		return err;
	measure(&room, run);
	err = room_make(&room, e);
	if (!err)
		err = run_in(&room, prog_fd, program.type, run, out, e);
	room_free(&room);
	return err;
}

void test_result_clear(struct test_result *result)
{
	free(result->data.bytes);
	free(result->ctx.bytes);
	*result = (struct test_result){ 0 };
}
