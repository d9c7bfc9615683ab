// SPDX-License-Identifier: BSD-2-Clause
/* loader_variable.c - in the loader: the variables of an object. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/map/value.h"
#include "attach/program/loader/loader_variable.h"
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
	struct btf_types types; /* the same, in our own words */
	int (*seen)(const struct search *search, const struct place *place,
		    struct err *e);
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
			err = search->seen(search, &place, e);
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
	uint32_t id, size = 0;
	const void *raw;
	int err = 0;

	search->btf = bpf_object__btf(search->object->object);
	raw = search->btf ? btf__raw_data(search->btf, &size) : NULL;
	if (!raw || btf_parse(&search->types, raw, size, NULL))
		return 0;
	for (id = 1; !err && id < btf__type_cnt(search->btf); id++) {
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

/* What does not fit in OBJECT_TEXT is cut off: "". */
static char *shown(const struct search *search, const struct place *place,
		   bool value)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int err = 0;

	if (!out)
		return NULL;
	if (value)
		err = value_show(&search->types, place->type, place->data,
				 place->size, out);
	else
		err = value_type(&search->types, place->type, out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	if (err || size >= OBJECT_TEXT)
		text[0] = '\0';
	return text;
}

static int add(const struct search *search, const struct place *place,
	       struct err *e)
{
	struct object *out = search->ctx;
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
		.type = shown(search, place, false),
		.value = shown(search, place, true),
		.map = place->map,
		.offset = place->offset,
		.size = place->size,
		.constant = place->constant,
	};
	out->nvariables++;
	return variable->name && variable->type && variable->value
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

/* The map's value stays as it was, but for this variable. */
static int set(const struct search *search, const struct place *place,
	       struct err *e)
{
	const struct setting *setting = search->ctx;
	size_t size = 0;
	const void *all = bpf_map__initial_value(place->of, &size);
	scoped_free char *copy = NULL;
	int err;

	if (strcmp(place->name, setting->name) != 0)
		return 0;
	copy = malloc(size);
	if (!copy)
		return fail(e, ENOMEM, "no memory");
	memcpy(copy, all, size);
	err = value_parse(&search->types, place->type, setting->text,
			  copy + place->offset, place->size, e);
	if (err)
		return err;
	if (bpf_map__set_initial_value(place->of, copy, size))
		return fail(e, errno, "libbpf does not take the value");
	return SET;
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
