// SPDX-License-Identifier: BSD-2-Clause
/* run.c - the files of run/. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fs/prog/area_prog.h"
#include "fs/prog/run_go.h"
#include "fs/prog/run_state.h"
#include "fs/tree/meta.h"
#include "fs/tree/objects.h"
#include "fs/tree/show.h"
#include "fs/user/owner.h"
#include "scope.h"

static enum run_file file_at(struct node node)
{
	return (enum run_file)(node.slot - SLOT_FILES);
}

static uint64_t dir_of(struct node node)
{
	return node_number(node.area, node.object, SLOT_SELF);
}

/* Bytes */

static struct test_bytes *bytes_of(struct run_state *state, enum run_file file)
{
	switch (file) {
	case RUN_DATA_IN:
		return &state->data;
	case RUN_CTX_IN:
		return &state->ctx;
	case RUN_DATA_OUT:
		return &state->result.data;
	default:
		return &state->result.ctx;
	}
}

/* With the lock held. */
static int make_bytes(struct tree *tree, const struct caller *caller,
		      struct node node, struct run_state **state,
		      struct test_bytes **bytes, struct err *e)
{
	int err = run_state_make(tree, dir_of(node), caller->uid, state, e);

	if (!err)
		*bytes = bytes_of(*state, file_at(node));
	return err;
}

static int run_write(struct tree *tree, const struct caller *caller,
		     uint64_t number, const char *data, size_t size,
		     off_t offset, struct err *e)
{
	struct run_state *state;
	struct test_bytes *bytes;
	size_t at = (size_t)offset;
	int err;

	owner_refresh();
	pthread_mutex_lock(&tree->lock);
	err = make_bytes(tree, caller, node_of(number), &state, &bytes, e);
	if (!err && offset < 0)
		at = bytes->size;
	if (!err && at + size > bytes->size)
		err = run_state_resize(tree, state, bytes, at + size, e);
	if (!err && size)
		memcpy(bytes->bytes + at, data, size);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

static int run_resize(struct tree *tree, const struct caller *caller,
		      uint64_t number, off_t size, struct err *e)
{
	struct run_state *state;
	struct test_bytes *bytes;
	int err;

	owner_refresh();
	pthread_mutex_lock(&tree->lock);
	err = make_bytes(tree, caller, node_of(number), &state, &bytes, e);
	if (!err)
		err = run_state_resize(tree, state, bytes, (size_t)size, e);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

static int show_bytes(const struct file *row, const struct view *view,
		      FILE *out, struct err *e)
{
	scoped_free char *copy = NULL;
	struct run_state *state;
	size_t size = 0;

	(void)row;
	pthread_mutex_lock(&view->tree->lock);
	state = run_state_find(view->tree, dir_of(view->node));
	if (state) {
		struct test_bytes *bytes = bytes_of(state, file_at(view->node));

		size = bytes->size;
		copy = malloc(size + 1);
		if (copy && size)
			memcpy(copy, bytes->bytes, size);
	}
	pthread_mutex_unlock(&view->tree->lock);
	if (state && !copy)
		return fail(e, ENOMEM, "no memory");
	if (size)
		fwrite(copy, 1, size, out);
	return 0;
}

/* Numbers */

static const char *const defaults[RUN_NUMBERS] = {
	[RUN_REPEAT] = "1",
	[RUN_CPU] = "",
	[RUN_FLAGS] = "0",
	[RUN_BATCH_SIZE] = "0",
};

static int parse_number(const char *value, struct run_number *number,
			struct err *e)
{
	int err;

	*number = (struct run_number){ 0 };
	if (!value[0])
		return 0;
	err = type_u32.parse(&number->value, value, e);
	if (err)
		return err;
	if (strlen(value) >= sizeof(number->text))
		return fail(e, EINVAL, "more than %zu digits",
			    sizeof(number->text) - 1);
	memcpy(number->text, value, strlen(value));
	return 0;
}

static int write_number(struct tree *tree, const struct caller *caller,
			uint64_t number, char *value, struct err *e)
{
	struct node node = node_of(number);
	struct run_state *state;
	struct run_number wanted;
	int err = parse_number(value, &wanted, e);

	if (err)
		return err;
	owner_refresh();
	pthread_mutex_lock(&tree->lock);
	err = run_state_make(tree, dir_of(node), caller->uid, &state, e);
	if (!err)
		state->numbers[file_at(node)] = wanted;
	pthread_mutex_unlock(&tree->lock);
	return err;
}

static int show_number(const struct file *row, const struct view *view,
		       FILE *out, struct err *e)
{
	const char *text = defaults[file_at(view->node)];
	const struct run_state *state;
	struct run_number number = { 0 };

	(void)row;
	(void)e;
	pthread_mutex_lock(&view->tree->lock);
	state = run_state_find(view->tree, dir_of(view->node));
	if (state)
		number = state->numbers[file_at(view->node)];
	pthread_mutex_unlock(&view->tree->lock);
	if (number.text[0])
		text = number.text;
	fprintf(out, "%s%s", text, text[0] ? "\n" : "");
	return 0;
}

static int show_result(const struct file *row, const struct view *view,
		       FILE *out, struct err *e)
{
	bool retval = file_at(view->node) == RUN_RETVAL, there = false;
	const struct run_state *state;
	uint32_t number = 0;

	(void)row;
	(void)e;
	pthread_mutex_lock(&view->tree->lock);
	state = run_state_find(view->tree, dir_of(view->node));
	if (state) {
		there = state->done && (retval || state->result.timed);
		number = retval ? state->result.retval : state->result.duration;
	}
	pthread_mutex_unlock(&view->tree->lock);
	if (there)
		fprintf(out, "%" PRIu32 "\n", number);
	return 0;
}

static const struct byte_file run_bytes = {
	.write = run_write,
	.resize = run_resize,
};

#define RUN_BYTES(row_name, text_help)                                       \
	{                                                                    \
		.name = (row_name), .mode = 0644, .text = TEXT_NONE,         \
		.bytes = &run_bytes, .show = show_bytes, .help = (text_help) \
	}

#define RUN_NUMBER(row_name, text_help)                              \
	{                                                            \
		.name = (row_name), .mode = 0644, .text = TEXT_NONE, \
		.write = write_number, .show = show_number,          \
		.help = (text_help)                                  \
	}

/* clang-format off */
static const struct file run_files[] = {
	[RUN_DATA_IN] = RUN_BYTES("data_in", "the bytes that it is run on: a packet"),
	[RUN_CTX_IN] = RUN_BYTES("ctx_in", "the bytes of its context, a struct by its type"),
	[RUN_REPEAT] = RUN_NUMBER("repeat", "how often it is run"),
	[RUN_CPU] = RUN_NUMBER("cpu", "on which CPU, of type raw_tracepoint"),
	[RUN_FLAGS] = RUN_NUMBER("flags", "of BPF_PROG_TEST_RUN: 2 sends the frames of xdp"),
	[RUN_BATCH_SIZE] = RUN_NUMBER("batch_size", "how many frames at a time"),
	[RUN_GO] = {
		.name = "go",
		.mode = 0200,
		.text = TEXT_NONE,
		.write = run_go,
		.keeps_nothing = true,
		.show = show_object_nothing,
		.help = "write 1 to run it",
	},
	[RUN_RETVAL] = READ_ONLY("retval", show_result, "what it returned, of the last run"),
	[RUN_DURATION] = READ_ONLY("duration", show_result, "how long it took, in nanoseconds: the mean of all runs"),
	[RUN_DATA_OUT] = READ_ONLY("data_out", show_bytes, "the bytes of data as it left them"),
	[RUN_CTX_OUT] = READ_ONLY("ctx_out", show_bytes, "the bytes of its context as it left them"),
	READ_ONLY("error", show_dir_error, "why the last write was refused"),
	{ 0 },
};
/* clang-format on */

/* As the directory of the program that it is in. */
static int prog_run_attr(struct tree *tree, uint64_t number, struct stat *attr)
{
	(void)number;
	return object_attr(tree, AREA_PROGS, attr);
}

const struct area area_prog_run = {
	.holds = HOLDS_FILES,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = run_files,
	.attr = prog_run_attr,
	.error = object_error,
};

const struct area area_loaded_run = {
	.holds = HOLDS_MEMBERS,
	.comes_and_goes = true,
	.metas = METAS_OF_OBJECTS,
	.files = run_files,
	.hidden = area_member_hidden,
	.hides_till_listed = true,
	.attr = area_member_attr,
	.error = area_loaded_error,
};
