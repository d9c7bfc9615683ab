// SPDX-License-Identifier: BSD-2-Clause
/* loader.c - the daemon's side of loading: a child, asked and believed little. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "attach/program/loader/answer.h"
#include "attach/program/loader/loader.h"
#include "attach/program/loader/loader_hint.h"
#include "attach/program/loader/loader_process.h"
#include "attach/program/loader/loader_supply.h"
#include "scope.h"

enum {
	/* Of the clock: more than its time of the CPU, for it may have to wait. */
	WALL_SECONDS = 10 * OBJECT_SECONDS,
};

struct loading {
	const struct object_request *request;
	bool load;
	pid_t pid;
	struct channel channel;
	struct answer_opened opened;
	bool ended; /* the child */
};

static int explain_channel(const struct loading *loading, int err,
			   struct err *e)
{
	if (err == -ESRCH)
		return loader_explain_death(loader_reap(loading->pid, true), e);
	loader_reap(loading->pid, false);
	if (err == -EINTR)
		return fail(e, EINTR, "interrupted");
	if (err == -ETIMEDOUT)
		return fail(e, EIO, "the loader took more than %d seconds",
			    WALL_SECONDS);
	if (err == -EPROTO || err == -EIO)
		return fail(e, EIO, "the loader's answer makes no sense");
	return fail(e, -err, "cannot talk with the loader: %s",
		    strerror(errno_clamp(-err)));
}

/* By the child's sentence, unless the kernel is why. */
static int explain_failed(const struct loading *loading,
			  const struct message *message, struct err *e)
{
	struct answer_failed failed;

	if (answer_take_failed(message->data, message->size, &failed))
		return fail(e, EIO, "the loader's answer makes no sense");
	return loader_hint(loading->request, loading->opened.object, &failed,
			   e);
}

/* The next message that is not a failure; the child may have died instead. */
static int hear(struct loading *loading, struct message *message, struct err *e)
{
	const struct message_limit limit = { OBJECT_ANSWER, ANSWER_FDS };
	int err = channel_receive(&loading->channel, &limit, message);

	if (err) {
		loading->ended = true;
		return explain_channel(loading, err, e);
	}
	if (message->type != LOADER_FAILED)
		return 0;
	err = explain_failed(loading, message, e);
	message_clear(message);
	return err;
}

static int tell(struct loading *loading, const struct message *message,
		struct err *e)
{
	int err = channel_send(&loading->channel, message);

	if (!err)
		return 0;
	loading->ended = true;
	return explain_channel(loading, err, e);
}

static int ask(struct loading *loading, struct err *e)
{
	struct message message;
	int err = loader_put_request(loading->request, loading->load, &message);

	err = err ? fail(e, ENOMEM, "no memory") : tell(loading, &message, e);
	/* The descriptors are the caller's. */
	message.nfds = 0;
	message_clear(&message);
	return err;
}

static int hear_opened(struct loading *loading, struct err *e)
{
	struct message message;
	int err = hear(loading, &message, e);

	if (err)
		return err;
	err = message.type == LOADER_OPENED
		      ? answer_take_opened(message.data, message.size,
					   &loading->opened)
		      : -EPROTO;
	message_clear(&message);
	return err ? fail(e, EIO, "the loader's answer makes no sense") : 0;
}

static int supply(struct loading *loading, struct err *e)
{
	struct loader_supply supplied = { 0 };
	struct message message = { 0 };
	int err = loader_supply_find(loading->request, &loading->opened,
				     &supplied, e);

	if (err)
		return err;
	err = loader_put_supply(&supplied, &message);
	err = err ? fail(e, ENOMEM, "no memory") : tell(loading, &message, e);
	message.nfds = 0;
	message_clear(&message);
	loader_supply_clear(&supplied);
	return err;
}

static int give_modules(struct loading *loading, struct err *e)
{
	struct message message = { .type = LOADER_MODULES_GIVEN };
	int err = loader_supply_modules(&message);

	err = err ? fail(e, -err, "cannot get the types of modules")
		  : tell(loading, &message, e);
	message_clear(&message);
	return err;
}

/* What the kernel says of them counts, not what the child does. */
static int check_loaded(struct object *object)
{
	struct bpf_map_info info;
	struct object_program *program;
	struct object_map *map;
	struct program known;
	uint32_t size;
	size_t i;

	for (i = 0; i < object->nprograms; i++) {
		program = &object->programs[i];
		if (program->fd < 0)
			continue;
		if (bpf_object_of(program->fd) != BPF_OBJECT_PROG ||
		    program_info(program->fd, &known))
			return -EIO;
		program->type = known.type;
		strcpy(program->tag, known.tag);
	}
	for (i = 0; i < object->nmaps; i++) {
		map = &object->maps[i];
		size = sizeof(info);
		memset(&info, 0, sizeof(info));
		if (map->fd < 0)
			continue;
		if (bpf_object_of(map->fd) != BPF_OBJECT_MAP ||
		    bpf_info(map->fd, &info, &size))
			return -EIO;
		map->type = info.type;
		map->key_size = info.key_size;
		map->value_size = info.value_size;
		map->max_entries = info.max_entries;
		map->flags = info.map_flags;
	}
	return 0;
}

static int hear_loaded(struct loading *loading, struct err *e)
{
	struct message message;
	bool asked = false;
	int err;

	for (;;) {
		err = hear(loading, &message, e);
		if (err)
			return err;
		if (message.type != LOADER_MODULES_WANTED || asked)
			break;
		message_clear(&message);
		asked = true;
		err = give_modules(loading, e);
		if (err)
			return err;
	}
	err = message.type == LOADER_LOADED
		      ? answer_take_loaded(&message, loading->opened.object)
		      : -EPROTO;
	message_clear(&message);
	err = err ? err : check_loaded(loading->opened.object);
	return err ? fail(e, EIO, "the loader's answer makes no sense") : 0;
}

static int talk(struct loading *loading, struct err *e)
{
	int err = ask(loading, e);

	err = err ? err : hear_opened(loading, e);
	if (err || !loading->load)
		return err;
	err = supply(loading, e);
	return err ? err : hear_loaded(loading, e);
}

static int begin(struct loading *loading, struct err *e)
{
	struct timespec now;
	int pair[2], err;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return fail(e, errno, "cannot start a loader: %s",
			    strerror(errno_clamp(errno)));
	err = loader_start(pair[1], &loading->pid);
	fd_close(pair[1]);
	if (err) {
		fd_close(pair[0]);
		return fail(e, -err, "cannot start a loader: %s",
			    strerror(errno_clamp(-err)));
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	loading->channel = (struct channel){
		.sock = pair[0],
		.interrupted = loading->request->interrupted,
		.ctx = loading->request->ctx,
		.until = now.tv_sec + WALL_SECONDS,
	};
	return 0;
}

static int run(const struct object_request *request, bool load,
	       struct object **out, struct err *e)
{
	struct loading loading = { .request = request, .load = load };
	int err = begin(&loading, e);

	if (err)
		return err;
	err = talk(&loading, e);
	fd_close(loading.channel.sock);
	if (!loading.ended)
		loader_reap(loading.pid, false);
	free(loading.opened.symbols);
	if (err)
		object_put(loading.opened.object);
	else
		*out = loading.opened.object;
	return err;
}

int object_inspect(const struct object_request *request, struct object **out,
		   struct err *e)
{
	return run(request, false, out, e);
}

int object_load(const struct object_request *request, struct object **out,
		struct err *e)
{
	return run(request, true, out, e);
}
