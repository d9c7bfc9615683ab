// SPDX-License-Identifier: BSD-2-Clause
/* map_pair.c - keys and values of a map as text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/map/bits.h"
#include "attach/kernel/map/map_types.h"
#include "attach/kernel/map/value_draft.h"
#include "scope.h"

/* Arrays and the like have no type of their keys. */
static bool is_number(const struct map *map)
{
	return !map->key_type && map->info.key_size == sizeof(uint32_t) &&
	       (map->type->numbered || map->type->number);
}

/* By its type or, where that does not describe it, its bytes. */
static void draft_typed(const struct map *map, uint32_t type, const void *data,
			size_t size, struct draft *out)
{
	size_t used = out->used;

	if (type && !value_draft(&map->index, type, data, size, out))
		return;
	out->used = used;
	draft_bytes(out, data, size);
}

static void draft_number(const char *what, const void *data, size_t size,
			 struct draft *out)
{
	draft_text(out, what);
	draft_unsigned(out, bits_get(data, 0, (unsigned int)size * 8));
}

void map_draft_key(const struct map *map, const void *key, struct draft *out)
{
	size_t size = map->info.key_size;

	if (is_number(map))
		draft_number("", key, size, out);
	else
		draft_typed(map, map->key_type, key, size, out);
}

/* struct bpf_devmap_val, struct bpf_cpumap_val: a number and a program's id. */
static void draft_target(const char *number, const void *value, size_t size,
			 struct draft *out)
{
	const uint32_t *words = value;

	if (size < 2 * sizeof(*words)) {
		draft_unsigned(out, words[0]);
		return;
	}
	draft_text(out, "{.");
	draft_text(out, number);
	draft_text(out, " = ");
	draft_unsigned(out, words[0]);
	if (words[1])
		draft_number(", .prog = id:", &words[1], sizeof(words[1]), out);
	draft_char(out, '}');
}

static void draft_one(const struct map *map, const void *value,
		      struct draft *out)
{
	size_t size = map->info.value_size;

	switch (map->type->holds) {
	case MAP_PROGRAMS:
	case MAP_MAPS:
		draft_number("id:", value, sizeof(uint32_t), out);
		break;
	case MAP_SOCKETS:
		draft_number("cookie:", value, size, out);
		break;
	case MAP_DEVICES:
		draft_target("ifindex", value, size, out);
		break;
	case MAP_CPUS:
		draft_target("qsize", value, size, out);
		break;
	default:
		draft_typed(map, map->value_type, value, size, out);
	}
}

void map_draft_value(const struct map *map, const void *value,
		     struct draft *out)
{
	const uint8_t *at = value;
	unsigned int i;

	if (!map->type->per_cpu) {
		draft_one(map, value, out);
		return;
	}
	draft_char(out, '{');
	for (i = 0; i < map->cpus; i++, at += map->each) {
		if (i)
			draft_text(out, ", ");
		draft_one(map, at, out);
	}
	draft_char(out, '}');
}

static int take_typed(const struct map *map, uint32_t type,
		      struct reader *reader, const char *ends, void *data,
		      size_t size)
{
	if (!type)
		return value_take_hex(reader->begin, &reader->at, data, size,
				      reader->e);
	return value_take(&map->index, type, reader->begin, &reader->at, ends,
			  data, size, reader->e);
}

static int take_number(struct reader *reader, void *data)
{
	uint32_t number;
	int err = reader_take_index(reader, UINT32_MAX + UINT64_C(1), &number);

	if (!err)
		memcpy(data, &number, sizeof(number));
	return err;
}

int map_take_key(const struct map *map, struct reader *reader, void *key)
{
	size_t size = map->info.key_size;

	if (is_number(map))
		return take_number(reader, key);
	return take_typed(map, map->key_type, reader, ":=", key, size);
}

/* Where in the list a value is; without `[N] =` behind the last one. */
static int take_cpu(const struct map *map, struct reader *reader, uint32_t *cpu)
{
	int err;

	if (!reader_take(reader, "[")) {
		if (*cpu < map->cpus)
			return 0;
		return fail_at(reader->e, EINVAL, reader_place(reader),
			       "there are only %u possible CPUs", map->cpus);
	}
	err = reader_take_index(reader, map->cpus, cpu);
	if (err)
		return err;
	return reader_take(reader, "]") && reader_take(reader, "=")
		       ? 0
		       : reader_refuse(reader, "'] =' and the CPU's value");
}

static int take_list(const struct map *map, struct reader *reader,
		     uint8_t *values)
{
	uint32_t cpu;
	int err;

	if (!reader_take(reader, "{"))
		return reader_refuse(reader, "'{' and a value for each CPU");
	for (cpu = 0; !reader_take(reader, "}"); cpu++) {
		err = take_cpu(map, reader, &cpu);
		if (!err)
			err = take_typed(map, map->value_type, reader, ",}",
					 values + cpu * map->each,
					 map->info.value_size);
		if (err)
			return err;
		if (!reader_take(reader, ",")) {
			if (reader_take(reader, "}"))
				break;
			return reader_refuse(reader, "',' or '}'");
		}
	}
	return 0;
}

/* One value for all CPUs, the members that it leaves out as they are. */
static int take_for_all(const struct map *map, struct reader *reader,
			uint8_t *values)
{
	struct reader each;
	unsigned int i;
	int err = 0;

	for (i = 0; i < map->cpus && !err; i++) {
		each = *reader;
		err = take_typed(map, map->value_type, &each, NULL,
				 values + i * map->each, map->info.value_size);
	}
	if (!err)
		*reader = each;
	return err;
}

/*
 * What a list of lists is, a value or a list of values, the type says: it is one
 * value if it can be.
 */
static int take_per_cpu(const struct map *map, struct reader *reader,
			uint8_t *values)
{
	struct err one = { .code = 0 };
	struct reader first = { reader->begin, reader->at, &one };
	int err;

	err = take_for_all(map, &first, values);
	if (!err) {
		reader->at = first.at;
		return 0;
	}
	reader_skip(reader);
	if (*reader->at == '{')
		return take_list(map, reader, values);
	if (reader->e)
		*reader->e = one;
	return err;
}

int map_take_value(const struct map *map, struct reader *reader, void *value)
{
	if (map->type->per_cpu)
		return take_per_cpu(map, reader, value);
	return take_typed(map, map->value_type, reader, NULL, value,
			  map->info.value_size);
}
