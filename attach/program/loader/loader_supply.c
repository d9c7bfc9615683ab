// SPDX-License-Identifier: BSD-2-Clause
/* loader_supply.c - targets, addresses and types for the loader. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/btf.h"
#include "attach/program/ksyms.h"
#include "attach/program/load_target.h"
#include "attach/program/loader/loader_supply.h"
#include "attach/program/sections.h"
#include "scope.h"

/* The program that was found for the target of this one; -1. */
static int program_given(const struct object_request *request,
			 const char *program)
{
	scoped_free char *path = NULL;
	size_t i;

	if (asprintf(&path, "program/%s/target", program) < 0)
		return -1;
	for (i = 0; i < request->nsettings; i++)
		if (!strcmp(request->settings[i].path, path))
			return request->settings[i].fd;
	return -1;
}

static int find_target(const struct object_request *request,
		       const struct object_program *program,
		       struct loader_target *out, struct err *e)
{
	const struct load_target_of of = {
		.type = program->type,
		.attach_type = program->attach_type,
		.text = program->target,
		.prog_fd = program_given(request, program->name),
	};
	struct load_target target;
	int err;

	if (!program->autoload ||
	    !sections_need_target(of.type, of.attach_type))
		return 0;
	if (!program->target[0])
		return fail(
			e, EINVAL,
			"the program '%s' is loaded for a function that its section does not name; write it to 'target'",
			program->name);
	err = load_target_find(&of, &target, e);
	if (err) {
		fail_hint(e, "it is what the program '%s' is for",
			  program->name);
		return err;
	}
	*out = (struct loader_target){ target.btf_id, target.btf_fd,
				       target.prog_fd };
	return 0;
}

static int find_targets(const struct object_request *request,
			const struct object *object, struct loader_supply *out,
			struct err *e)
{
	int err = 0;

	out->targets = calloc(object->nprograms + 1, sizeof(*out->targets));
	if (!out->targets)
		return fail(e, ENOMEM, "no memory");
	for (; !err && out->ntargets < object->nprograms; out->ntargets++) {
		out->targets[out->ntargets].btf_fd = -1;
		out->targets[out->ntargets].prog_fd = -1;
		err = find_target(request, &object->programs[out->ntargets],
				  &out->targets[out->ntargets], e);
	}
	return err;
}

struct wanted {
	const char **names;
	size_t count;
};

/* text goes to pieces: its lines. */
static int split(char *text, struct wanted *wanted)
{
	const char *name, **names;

	while ((name = strsep(&text, "\n"))) {
		names = array_room(wanted->names, wanted->count,
				   sizeof(*names));
		if (!names)
			return -ENOMEM;
		wanted->names = names;
		names[wanted->count++] = name;
	}
	return 0;
}

/* Where /proc/kallsyms cannot be read the kernel has no symbols to tell. */
static int find_symbols(bool addresses, char *symbols,
			struct loader_supply *out, struct err *e)
{
	struct wanted wanted = { 0 };
	size_t size;
	FILE *text = open_memstream(&out->symbols, &size);
	int err = text ? 0 : -ENOMEM;

	if (!err && symbols[0])
		err = split(symbols, &wanted);
	if (!err)
		ksyms_show(wanted.names, wanted.count, addresses, text);
	free(wanted.names);
	if (text && fclose(text))
		err = -ENOMEM;
	return err ? fail(e, -err, "no memory for symbols") : 0;
}

int loader_supply_find(const struct object_request *request,
		       const struct answer_opened *opened,
		       struct loader_supply *out, struct err *e)
{
	int err;

	*out = (struct loader_supply){ 0 };
	err = find_targets(request, opened->object, out, e);
	if (!err)
		err = find_symbols(request->as.addresses, opened->symbols, out,
				   e);
	if (err)
		loader_supply_clear(out);
	return err;
}

void loader_supply_clear(struct loader_supply *supply)
{
	size_t i;

	/* A target's program is the request's. */
	for (i = 0; i < supply->ntargets; i++)
		fd_close(supply->targets[i].btf_fd);
	free(supply->targets);
	free(supply->symbols);
	*supply = (struct loader_supply){ 0 };
}

static int add_module(struct message *message, uint32_t id)
{
	struct btf_object object;
	int *fds, fd;

	if (btf_object_info(id, &object) || !object.kernel ||
	    !strcmp(object.name, "vmlinux"))
		return 0;
	fds = array_room(message->fds, message->nfds, sizeof(*fds));
	if (!fds)
		return -ENOMEM;
	message->fds = fds;
	/* A module may go at any time. */
	fd = bpf_btf_by_id(id);
	if (fd >= 0)
		fds[message->nfds++] = fd;
	return 0;
}

int loader_supply_modules(struct message *message)
{
	uint32_t id = 0;
	int err = 0;

	while (!err && message->nfds < LOADER_MODULES && !bpf_btf_next(&id))
		err = add_module(message, id);
	return err;
}
