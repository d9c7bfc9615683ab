// SPDX-License-Identifier: BSD-2-Clause
/* loader_variable.c - in the loader: the variables of an object. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/program/loader_variable.h"
#include "scope.h"

/* One, where it is before the object is loaded. */
struct place {
	const char *name;
	uint32_t type; /* in BTF */
	uint32_t map, offset, size;
	struct bpf_map *of;
	const char *data;
	bool constant;
};

struct search {
	const struct loader_object *object;
	const struct btf *btf;
	int (*seen)(void *ctx, const struct place *place, struct err *e);
	void *ctx;
};

const char *loader_map_name(const struct bpf_map *map)
{
	const char *name = bpf_map__name(map);
	const char *dot = bpf_map__is_internal(map) ? strchr(name, '.') : NULL;

	return dot ? dot : name;
}

static uint32_t map_place(const struct loader_object *object,
			  const struct bpf_map *map)
{
	const struct bpf_map *other;
	uint32_t place = 0;

	bpf_object__for_each_map(other, object->object)
	{
		if (other == map)
			break;
		place++;
	}
	return place;
}

static int see_section(const struct search *search, const struct btf_type *type,
		       const char *section, struct bpf_map *map, struct err *e)
{
	const struct btf_var_secinfo *info = btf_var_secinfos(type);
	struct place place = {
		.map = map_place(search->object, map),
		.of = map,
		.constant = !strncmp(section, ".rodata", 7),
	};
	const struct btf_type *variable;
	size_t size = 0, i;
	const char *data = bpf_map__initial_value(map, &size);
	int err = 0;

	for (i = 0; !err && data && i < btf_vlen(type); i++, info++) {
		variable = btf__type_by_id(search->btf, info->type);
		if (!variable || info->offset > size ||
		    info->size > size - info->offset)
			continue;
		place.name =
			btf__name_by_offset(search->btf, variable->name_off);
		place.type = variable->type;
		place.offset = info->offset;
		place.size = info->size;
		place.data = data + info->offset;
		if (place.name && answer_name(place.name))
			err = search->seen(search->ctx, &place, e);
	}
	return err;
}

static bool has_variables(const char *section)
{
	static const char *const begins[] = { ".data", ".rodata", ".bss" };
	size_t i, length;

	for (i = 0; i < COUNT(begins); i++) {
		length = strlen(begins[i]);
		if (!strncmp(section, begins[i], length) &&
		    (!section[length] || section[length] == '.'))
			return true;
	}
	return false;
}

/* Until seen() returns something else than 0, which is then the result. */
static int each(struct search *search, struct err *e)
{
	const struct btf_type *type;
	const char *section;
	struct bpf_map *map;
	uint32_t id;
	int err = 0;

	search->btf = bpf_object__btf(search->object->object);
	for (id = 1; !err && search->btf && id < btf__type_cnt(search->btf);
	     id++) {
		type = btf__type_by_id(search->btf, id);
		if (!btf_is_datasec(type))
			continue;
		section = btf__name_by_offset(search->btf, type->name_off);
		map = section && has_variables(section)
			      ? loader_object_section(search->object, section)
			      : NULL;
		if (map)
			err = see_section(search, type, section, map, e);
	}
	return err;
}

static int value_of(const struct place *place, char **out)
{
	uint64_t value = 0;

	if (place->size <= sizeof(value))
		memcpy(&value, place->data, place->size);
	return asprintf(out, "%" PRIu64, value) < 0 ? -ENOMEM : 0;
}

static int add(void *ctx, const struct place *place, struct err *e)
{
	struct object *out = ctx;
	struct object_variable *variable, *more;

	if (out->nvariables == OBJECT_VARIABLES)
		return fail(e, E2BIG, "the object has more than %d variables",
			    OBJECT_VARIABLES);
	more = array_room(out->variables, out->nvariables, sizeof(*more));
	if (!more)
		return fail(e, ENOMEM, "no memory");
	out->variables = more;
	variable = &out->variables[out->nvariables];
	*variable = (struct object_variable){
		.name = strdup(place->name),
		.type = strdup("int"),
		.map = place->map,
		.offset = place->offset,
		.size = place->size,
		.constant = place->constant,
	};
	out->nvariables++;
	return variable->name && variable->type &&
			       !value_of(place, &variable->value)
		       ? 0
		       : fail(e, ENOMEM, "no memory");
}

int loader_variables(const struct loader_object *object, struct object *out,
		     struct err *e)
{
	struct search search = { .object = object, .seen = add, .ctx = out };

	return each(&search, e);
}

struct setting {
	const char *name, *text;
};

enum { SET = 1 };

/* The map's value as it was, but for this variable. */
static int put(const struct place *place, const void *value, struct err *e)
{
	size_t size = 0;
	const void *all = bpf_map__initial_value(place->of, &size);
	scoped_free char *copy = malloc(size);

	if (!copy)
		return fail(e, ENOMEM, "no memory");
	memcpy(copy, all, size);
	memcpy(copy + place->offset, value, place->size);
	if (bpf_map__set_initial_value(place->of, copy, size))
		return fail(e, errno, "libbpf does not take the value");
	return SET;
}

static int set(void *ctx, const struct place *place, struct err *e)
{
	const struct setting *setting = ctx;
	uint64_t value;
	char *end;

	if (strcmp(place->name, setting->name) != 0)
		return 0;
	errno = 0;
	value = strtoull(setting->text, &end, 0);
	if (*end || errno || place->size > sizeof(value))
		return fail_at(e, EINVAL, 0, "'%.64s' is no number",
			       setting->text);
	return put(place, &value, e);
}

int loader_variable_set(const struct loader_object *object, const char *name,
			const char *text, struct err *e)
{
	struct setting setting = { name, text };
	struct search search = { .object = object,
				 .seen = set,
				 .ctx = &setting };
	int err = each(&search, e);

	if (!err)
		return fail(e, ENOENT, "the object has no 'data/%s' any more",
			    name);
	return err < 0 ? err : 0;
}
