// SPDX-License-Identifier: BSD-2-Clause
/*
 * loader_child.c - the process that loads, from its start to its end.
 *
 * What comes before confine() is to be trusted, and has looked at nothing of
 * the user's but numbers and texts.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "attach/program/loader/answer.h"
#include "attach/program/loader/jail.h"
#include "attach/program/loader/loader_log.h"
#include "attach/program/loader/loader_object.h"
#include "attach/program/sections.h"
#include "scope.h"

static const struct channel channel = { .sock = LOADER_SOCKET };

/* The end of the process; the daemon has the rest of it. */
static _Noreturn void end(int status)
{
	_exit(status);
}

/* Sends what was written to the stream, and closes it. */
static int reply(struct message *message, FILE *out)
{
	if (!out || fclose(out) || channel_send(&channel, message))
		end(EXIT_FAILURE);
	free(message->data);
	return 0;
}

static _Noreturn void give_up(const struct err *why,
			      const struct loader_calls *calls)
{
	struct message message = { .type = LOADER_FAILED };
	FILE *out = open_memstream(&message.data, &message.size);
	struct answer_failed failed = {
		.why = *why,
		.program = calls ? calls->program : OBJECT_PROGRAMS,
		.map = calls ? calls->map : OBJECT_MAPS,
	};

	if (out)
		answer_put_failed(out, &failed);
	reply(&message, out);
	end(EXIT_SUCCESS);
}

/* Waits for what the daemon says next. */
static struct message hear(uint32_t type)
{
	const struct message_limit limit = { LOADER_REQUEST, LOADER_FDS };
	struct message message;

	if (channel_receive(&channel, &limit, &message) || message.type != type)
		end(EXIT_FAILURE);
	return message;
}

static int confine(const struct loader_request *request, int *kallsyms,
		   struct err *e)
{
	int err = jail_enter(request->asked.btf_fd, kallsyms, e);

	err = err ? err : jail_limit(&request->asked.as, e);
	err = err ? err : jail_become(&request->asked.as, e);
	return err ? err : jail_filter(e);
}

/* The type is first, since another one takes the rest of it away. */
static int apply_settings(struct loader_object *object,
			  const struct loader_request *request, struct err *e)
{
	const struct object_setting *setting;
	bool types;
	size_t i;
	int err = 0, pass;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; !err && i < request->asked.nsettings; i++) {
			setting = &request->asked.settings[i];
			types = !strncmp(setting->path, "program/", 8) &&
				!strcmp(strrchr(setting->path, '/'), "/type");
			if (types == !pass)
				err = setting_apply(object, setting, e);
		}
	return err;
}

static struct answer_opened open_object(const struct loader_request *request,
					struct loader_object *object)
{
	struct message message = { .type = LOADER_OPENED };
	struct answer_opened opened = { 0 };
	struct err e = { 0 };
	FILE *out;
	int err = loader_object_open(request, object, &e);

	err = err ? err : apply_settings(object, request, &e);
	err = err ? err : loader_describe(object, &opened, &e);
	if (err && loader_log_reason()[0])
		fail_hint(&e, "%s", loader_log_reason());
	if (err)
		give_up(&e, NULL);
	out = open_memstream(&message.data, &message.size);
	if (out)
		answer_put_opened(out, &opened);
	reply(&message, out);
	return opened;
}

static void refuse_untyped(const struct object *object)
{
	const struct object_program *program;
	struct err e;
	size_t i;

	for (i = 0; i < object->nprograms; i++) {
		program = &object->programs[i];
		if (program->type || !program->autoload)
			continue;
		sections_refuse(program->section, &e);
		give_up(&e, NULL);
	}
}

static void write_symbols(int fd, const char *symbols)
{
	size_t size = strlen(symbols);

	if (write(fd, symbols, size) != (ssize_t)size)
		end(EXIT_FAILURE);
	close(fd);
}

/* libbpf tries a program of its own before ours: it stands for the first. */
static uint32_t first_loaded(const struct object *object)
{
	uint32_t i = 0;

	while (i < object->nprograms && !object->programs[i].autoload)
		i++;
	return i < object->nprograms ? i : OBJECT_PROGRAMS;
}

static _Noreturn void explain_load(int err, const struct object *object,
				   struct loader_calls *calls)
{
	struct err e;

	if (err == -EPERM && calls->program == OBJECT_PROGRAMS &&
	    calls->map == OBJECT_MAPS)
		calls->program = first_loaded(object);
	/* libbpf has errors of its own, 4000 and up. */
	fail(&e, err <= -4000 ? EINVAL : -err, "the object cannot be loaded");
	if (loader_log_reason()[0])
		fail_hint(&e, "%s", loader_log_reason());
	give_up(&e, calls);
}

static void load_object(const struct loader_object *from, struct object *object,
			int kallsyms)
{
	struct message message = hear(LOADER_SUPPLY);
	struct loader_supply supply;
	struct loader_calls calls = {
		.object = from,
		.supply = &supply,
		.channel = &channel,
	};
	int err;

	if (loader_take_supply(&message, from->nprograms, &supply))
		end(EXIT_FAILURE);
	write_symbols(kallsyms, supply.symbols);
	refuse_untyped(object);
	loader_calls_begin(&calls);
	err = bpf_object__load(from->object);
	if (err)
		explain_load(err, object, &calls);
}

static void hand_over(const struct loader_object *from, struct object *object)
{
	struct message message = {
		.type = LOADER_LOADED,
		.fds = calloc(ANSWER_FDS, sizeof(int)),
	};
	FILE *out = open_memstream(&message.data, &message.size);
	struct bpf_map *map;
	size_t i;
	int fd;

	if (!message.fds || !out)
		end(EXIT_FAILURE);
	for (i = 0; i < from->nprograms; i++) {
		fd = bpf_program__fd(from->programs[i].program);
		object->programs[i].fd = fd;
		if (fd >= 0)
			message.fds[message.nfds++] = fd;
	}
	i = 0;
	bpf_object__for_each_map(map, from->object)
	{
		fd = bpf_map__fd(map);
		object->maps[i++].fd = fd;
		if (fd >= 0)
			message.fds[message.nfds++] = fd;
	}
	answer_put_loaded(out, object);
	reply(&message, out);
}

static _Noreturn void run(void)
{
	struct message message = hear(LOADER_ASK);
	struct loader_object object = { 0 };
	struct loader_request request;
	struct answer_opened opened;
	struct err e;
	int kallsyms;

	if (loader_take_request(&message, &request))
		end(EXIT_FAILURE);
	loader_log_begin(request.asked.log_fd);
	if (confine(&request, &kallsyms, &e))
		give_up(&e, NULL);
	opened = open_object(&request, &object);
	if (request.load) {
		load_object(&object, opened.object, kallsyms);
		hand_over(&object, opened.object);
	}
	end(EXIT_SUCCESS);
}

void loader_main_if_child(int argc, char **argv)
{
	if (argc != 1 || strcmp(argv[0], LOADER_NAME) != 0)
		return;
	/* The daemon's are close-on-exec; what we were started with may not be. */
	close_range(LOADER_SOCKET + 1, ~0U, 0);
	prctl(PR_SET_NAME, LOADER_NAME, 0, 0, 0);
	run();
}
