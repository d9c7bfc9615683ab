// SPDX-License-Identifier: BSD-2-Clause
/* loader_settings.c - in the loader: what the user has set of an object. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/link_names.h"
#include "attach/kernel/program.h"
#include "attach/program/load_target.h"
#include "attach/program/loader/loader_object.h"
#include "attach/program/loader/loader_variable.h"
#include "scope.h"

/* What is set of what. */
struct of {
	const struct object_setting *setting;
	struct loader_program *program;
	struct bpf_map *map;
};

static int explain(int err, const struct of *of, struct err *e)
{
	return err ? fail(e, -err, "libbpf takes no '%.64s' for '%s': %s",
			  of->setting->value, of->setting->path,
			  strerror(errno_clamp(-err)))
		   : 0;
}

static int number(const struct of *of, uint32_t *out, struct err *e)
{
	const char *text = of->setting->value;
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno || value > UINT32_MAX)
		return fail_at(e, EINVAL, 0,
			       "'%.64s' is no number from 0 to 4294967295",
			       text);
	*out = (uint32_t)value;
	return 0;
}

/* The number of a name: name_of() of a number that has none is "type N". */
static int type_named(const struct of *of,
		      const char *(*name_of)(uint32_t type), uint32_t *out,
		      struct err *e)
{
	enum { LAST = 64 };
	const char *text = of->setting->value;
	uint32_t type;

	if (*text >= '0' && *text <= '9')
		return number(of, out, e);
	for (type = 0; type < LAST; type++)
		if (!strcmp(name_of(type), text)) {
			*out = type;
			return 0;
		}
	return fail_at(e, EINVAL, 0, "'%.64s' is no type; %s", text,
		       "write its name as bpftool has it, or its number");
}

static const char *program_type(uint32_t type)
{
	return program_type_name((enum bpf_prog_type)type);
}

/* A type that the section did not say has no attach type of it, either. */
static int set_type(const struct of *of, struct err *e)
{
	struct bpf_program *program = of->program->program;
	uint32_t type;
	int err = type_named(of, program_type, &type, e);

	if (err || type == (uint32_t)bpf_program__type(program))
		return err;
	bpf_program__set_expected_attach_type(program, 0);
	return explain(bpf_program__set_type(program, (enum bpf_prog_type)type),
		       of, e);
}

static int set_attach_type(const struct of *of, struct err *e)
{
	uint32_t type;
	int err = 0;

	if (!attach_type_find(of->setting->value, &type))
		err = number(of, &type, e);
	if (err)
		return fail_at(e, EINVAL, 0, "'%.64s' is no attach type",
			       of->setting->value);
	return explain(
		bpf_program__set_expected_attach_type(
			of->program->program, (enum bpf_attach_type)type),
		of, e);
}

static int set_text(char **text, char *copy, struct err *e)
{
	if (!copy)
		return fail(e, ENOMEM, "no memory");
	free(*text);
	*text = copy;
	return 0;
}

static int set_target(const struct of *of, struct err *e)
{
	const char *text = of->setting->value;
	int err = *text ? load_target_check(text, e) : 0;

	return err ? err : set_text(&of->program->target, strdup(text), e);
}

static int set_name(const struct of *of, struct err *e)
{
	return set_text(&of->program->kernel_name,
			loader_kernel_name(of->setting->value), e);
}

static int set_autoload(const struct of *of, struct err *e)
{
	uint32_t on;
	int err = number(of, &on, e);

	if (err || on > 1)
		return fail_at(e, EINVAL, 0, "'%.64s' is not 0 or 1",
			       of->setting->value);
	return explain(bpf_program__set_autoload(of->program->program, on), of,
		       e);
}

static int set_flags(const struct of *of, struct err *e)
{
	return number(of, &of->program->flags, e);
}

static int set_map_type(const struct of *of, struct err *e)
{
	uint32_t type;
	int err = type_named(of, map_type_name, &type, e);

	return err ? err
		   : explain(bpf_map__set_type(of->map,
					       (enum bpf_map_type)type),
			     of, e);
}

static int set_map_number(const struct of *of,
			  int (*set)(struct bpf_map *map, uint32_t value),
			  struct err *e)
{
	uint32_t value;
	int err = number(of, &value, e);

	return err ? err : explain(set(of->map, value), of, e);
}

static int set_key_size(const struct of *of, struct err *e)
{
	return set_map_number(of, bpf_map__set_key_size, e);
}

static int set_value_size(const struct of *of, struct err *e)
{
	return set_map_number(of, bpf_map__set_value_size, e);
}

static int set_max_entries(const struct of *of, struct err *e)
{
	return set_map_number(of, bpf_map__set_max_entries, e);
}

/* libbpf takes any map, and then has that one's type and sizes. */
static int set_reuse(const struct of *of, struct err *e)
{
	uint32_t type = bpf_map__type(of->map);
	uint32_t key_size = bpf_map__key_size(of->map);
	uint32_t value_size = bpf_map__value_size(of->map);
	int err;

	if (of->setting->fd < 0)
		return fail(e, EINVAL, "there is no map '%.64s'",
			    of->setting->value);
	err = bpf_map__reuse_fd(of->map, of->setting->fd);
	if (err)
		return explain(err, of, e);
	if (bpf_map__type(of->map) == type &&
	    bpf_map__key_size(of->map) == key_size &&
	    bpf_map__value_size(of->map) == value_size)
		return 0;
	return fail(
		e, EINVAL,
		"'%.64s' has another type, key_size or value_size than the object's map",
		of->setting->value);
}

static const struct row {
	const char *dir, *file;
	int (*set)(const struct of *of, struct err *e);
} rows[] = {
	{ "program/", "/type", set_type },
	{ "program/", "/attach_type", set_attach_type },
	{ "program/", "/target", set_target },
	{ "program/", "/autoload", set_autoload },
	{ "program/", "/name", set_name },
	{ "program/", "/prog_flags", set_flags },
	{ "map/", "/type", set_map_type },
	{ "map/", "/key_size", set_key_size },
	{ "map/", "/value_size", set_value_size },
	{ "map/", "/max_entries", set_max_entries },
	{ "map/", "/reuse", set_reuse },
};

static struct loader_program *program_of(const struct loader_object *object,
					 const char *name)
{
	size_t i;

	for (i = 0; i < object->nprograms; i++)
		if (!strcmp(bpf_program__name(object->programs[i].program),
			    name))
			return &object->programs[i];
	return NULL;
}

static struct bpf_map *map_of(const struct loader_object *object,
			      const char *name)
{
	struct bpf_map *map;

	bpf_object__for_each_map(
		map, object->object) if (!strcmp(loader_map_name(map),
						 name)) return map;
	return NULL;
}

static int apply_row(const struct loader_object *object, const struct row *row,
		     const struct object_setting *setting, struct err *e)
{
	size_t before = strlen(row->dir), after = strlen(row->file);
	size_t length = strlen(setting->path);
	struct of of = { .setting = setting };
	scoped_free char *name =
		strndup(setting->path + before, length - before - after);

	if (!name)
		return fail(e, ENOMEM, "no memory");
	if (row->dir[0] == 'p')
		of.program = program_of(object, name);
	else
		of.map = map_of(object, name);
	if (!of.program && !of.map)
		return fail(e, ENOENT, "the object has no '%s%s' any more",
			    row->dir, name);
	return row->set(&of, e);
}

int setting_apply(struct loader_object *object,
		  const struct object_setting *setting, struct err *e)
{
	static const char data[] = "data/";
	const char *path = setting->path, *last = strrchr(path, '/');
	size_t i;

	if (!strncmp(path, data, sizeof(data) - 1))
		return loader_variable_set(object, path + sizeof(data) - 1,
					   setting->value, e);
	for (i = 0; last && i < COUNT(rows); i++)
		if (!strcmp(last, rows[i].file) &&
		    !strncmp(path, rows[i].dir, strlen(rows[i].dir)) &&
		    last >= path + strlen(rows[i].dir))
			return apply_row(object, &rows[i], setting, e);
	return fail(e, EINVAL, "'%s' is nothing to set", path);
}
