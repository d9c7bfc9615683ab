// SPDX-License-Identifier: BSD-2-Clause
/* answer.c - what the loader answers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/program/loader/answer.h"
#include "attach/program/loader/flat.h"
#include "scope.h"

enum {
	/* The least bytes that one takes: numbers and lengths. */
	PROGRAM_BYTES = 10 * sizeof(uint32_t),
	MAP_BYTES = 7 * sizeof(uint32_t),
	VARIABLE_BYTES = 7 * sizeof(uint32_t),
	NEEDS = 1 << 20, /* bytes */
};

bool answer_name(const char *name)
{
	const unsigned char *c = (const unsigned char *)name;

	if (!*c || strlen(name) >= ANSWER_NAME || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return false;
	for (; *c; c++)
		if (*c == '/' || *c < ' ' || *c == 0x7f)
			return false;
	return true;
}

static void put_programs(FILE *out, const struct object *object)
{
	const struct object_program *program = object->programs;
	const struct object_program *end = program + object->nprograms;

	flat_put(out, (uint32_t)object->nprograms);
	for (; program < end; program++) {
		flat_put_text(out, program->name);
		flat_put_text(out, program->section);
		flat_put_text(out, program->kernel_name);
		flat_put_text(out, program->target);
		flat_put(out, program->type);
		flat_put(out, program->attach_type);
		flat_put(out, program->flags);
		flat_put(out, program->insns);
		flat_put(out, program->autoload);
		flat_put_text(out, program->tag);
	}
}

static void put_maps(FILE *out, const struct object *object)
{
	const struct object_map *map = object->maps;
	const struct object_map *end = map + object->nmaps;

	flat_put(out, (uint32_t)object->nmaps);
	for (; map < end; map++) {
		flat_put_text(out, map->name);
		flat_put(out, map->type);
		flat_put(out, map->key_size);
		flat_put(out, map->value_size);
		flat_put(out, map->max_entries);
		flat_put(out, map->flags);
		flat_put(out, map->variables);
	}
}

static void put_variables(FILE *out, const struct object *object)
{
	const struct object_variable *variable = object->variables;
	const struct object_variable *end = variable + object->nvariables;

	flat_put(out, (uint32_t)object->nvariables);
	for (; variable < end; variable++) {
		flat_put_text(out, variable->name);
		flat_put_text(out, variable->type);
		flat_put_text(out, variable->value);
		flat_put(out, variable->map);
		flat_put(out, variable->offset);
		flat_put(out, variable->size);
		flat_put(out, variable->constant);
	}
}

void answer_put_opened(FILE *out, const struct answer_opened *opened)
{
	put_programs(out, opened->object);
	put_maps(out, opened->object);
	put_variables(out, opened->object);
	flat_put_text(out, opened->object->license);
	flat_put_text(out, opened->object->needs);
	flat_put_text(out, opened->symbols);
}

static char *take_name(struct flat *in)
{
	char *name = flat_take_text(in, ANSWER_NAME);

	if (name && !answer_name(name))
		in->bad = true;
	return name;
}

static void take_tag(struct flat *in, struct object_program *program)
{
	scoped_free char *tag = flat_take_text(in, sizeof(program->tag));

	if (tag && strspn(tag, "0123456789abcdef") != strlen(tag))
		in->bad = true;
	else if (tag)
		strcpy(program->tag, tag);
}

static void take_programs(struct flat *in, struct object *object)
{
	size_t count = flat_take_count(in, OBJECT_PROGRAMS, PROGRAM_BYTES);
	struct object_program *program;

	object->programs = calloc(count + 1, sizeof(*program));
	for (; !in->bad && object->programs && count; count--) {
		program = &object->programs[object->nprograms++];
		program->fd = -1;
		program->name = take_name(in);
		program->section = flat_take_text(in, OBJECT_TEXT);
		program->kernel_name = flat_take_text(in, ANSWER_NAME);
		program->target = flat_take_text(in, OBJECT_TEXT);
		program->type = flat_take(in);
		program->attach_type = flat_take(in);
		program->flags = flat_take(in);
		program->insns = flat_take(in);
		program->autoload = flat_take_bool(in);
		take_tag(in, program);
	}
}

static void take_maps(struct flat *in, struct object *object)
{
	size_t count = flat_take_count(in, OBJECT_MAPS, MAP_BYTES);
	struct object_map *map;

	object->maps = calloc(count + 1, sizeof(*map));
	for (; !in->bad && object->maps && count; count--) {
		map = &object->maps[object->nmaps++];
		map->fd = -1;
		map->name = take_name(in);
		map->type = flat_take(in);
		map->key_size = flat_take(in);
		map->value_size = flat_take(in);
		map->max_entries = flat_take(in);
		map->flags = flat_take(in);
		map->variables = flat_take_bool(in);
	}
}

/* It is in the one value of a map that has variables. */
static bool has_place(const struct object *object,
		      const struct object_variable *variable)
{
	const struct object_map *map;

	if (variable->map >= object->nmaps)
		return false;
	map = &object->maps[variable->map];
	return map->variables && variable->offset <= map->value_size &&
	       variable->size <= map->value_size - variable->offset;
}

static void take_variables(struct flat *in, struct object *object)
{
	size_t count = flat_take_count(in, OBJECT_VARIABLES, VARIABLE_BYTES);
	struct object_variable *variable;

	object->variables = calloc(count + 1, sizeof(*variable));
	for (; !in->bad && object->variables && count; count--) {
		variable = &object->variables[object->nvariables++];
		variable->name = take_name(in);
		variable->type = flat_take_text(in, OBJECT_TEXT);
		variable->value = flat_take_text(in, OBJECT_TEXT);
		variable->map = flat_take(in);
		variable->offset = flat_take(in);
		variable->size = flat_take(in);
		variable->constant = flat_take_bool(in);
		if (!has_place(object, variable))
			in->bad = true;
	}
}

int answer_take_opened(const char *data, size_t size,
		       struct answer_opened *opened)
{
	struct object *object = calloc(1, sizeof(*object));
	struct flat in = { .at = data, .left = size };
	char *symbols;

	if (!object)
		return -ENOMEM;
	object->holders = 1;
	take_programs(&in, object);
	take_maps(&in, object);
	take_variables(&in, object);
	object->license = flat_take_text(&in, OBJECT_TEXT);
	object->needs = flat_take_text(&in, NEEDS);
	symbols = flat_take_text(&in, ANSWER_SYMBOLS);
	if (!flat_done(&in)) {
		free(symbols);
		object_put(object);
		return -EIO;
	}
	opened->object = object;
	opened->symbols = symbols;
	return 0;
}

void answer_put_loaded(FILE *out, const struct object *object)
{
	size_t i;

	flat_put(out, (uint32_t)object->nprograms);
	for (i = 0; i < object->nprograms; i++)
		flat_put(out, object->programs[i].fd >= 0);
	flat_put(out, (uint32_t)object->nmaps);
	for (i = 0; i < object->nmaps; i++)
		flat_put(out, object->maps[i].fd >= 0);
}

/* The next descriptor, if the number before it says that there is one. */
static int take_next(struct flat *in, struct message *message, size_t *next)
{
	int fd;

	if (!flat_take_bool(in))
		return -1;
	fd = message_take_fd(message, (*next)++);
	if (fd < 0)
		in->bad = true;
	return fd;
}

int answer_take_loaded(struct message *message, struct object *object)
{
	struct flat in = { .at = message->data, .left = message->size };
	size_t next = 0, i;

	if (flat_take(&in) != object->nprograms)
		return -EIO;
	for (i = 0; i < object->nprograms; i++)
		object->programs[i].fd = take_next(&in, message, &next);
	if (flat_take(&in) != object->nmaps)
		return -EIO;
	for (i = 0; i < object->nmaps; i++)
		object->maps[i].fd = take_next(&in, message, &next);
	return flat_done(&in) && next == message->nfds ? 0 : -EIO;
}

void answer_put_failed(FILE *out, const struct answer_failed *failed)
{
	flat_put(out, (uint32_t)failed->why.code);
	flat_put(out, (uint32_t)failed->why.pos);
	flat_put_text(out, failed->why.text);
	flat_put(out, failed->program);
	flat_put(out, failed->map);
}

int answer_take_failed(const char *data, size_t size,
		       struct answer_failed *failed)
{
	struct flat in = { .at = data, .left = size };
	uint32_t code = flat_take(&in), pos = flat_take(&in);
	scoped_free char *text = flat_take_text(&in, ERR_TEXT);

	failed->program = flat_take(&in);
	failed->map = flat_take(&in);
	if (!flat_done(&in))
		return -EIO;
	/* The sentence is made anew, so that it is safe to print. */
	fail(&failed->why, (int)code, "%s", text);
	if (pos < OBJECT_TEXT)
		failed->why.pos = (int)pos;
	return 0;
}
