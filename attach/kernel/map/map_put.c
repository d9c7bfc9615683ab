// SPDX-License-Identifier: BSD-2-Clause
/* map_put.c - writing and deleting pairs of a map. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/map/map_types.h"
#include "scope.h"

/* A pair that is written. */
struct putting {
	const struct map *map;
	struct reader reader;
	const struct map_opener *opener;
	uint8_t *key, *value;
	int fd; /* that the value refers to; owned; -1: to none */
};

/* What bpf(2) says of a pair, by the errno. */
static const struct {
	int code;
	const char *sentence;
} explained[] = {
	{ ENOENT, "there is no such key in the map" },
	{ EEXIST, "the map has that key, or that value, already" },
	{ EPERM, "the map is frozen or read-only, or the descriptor of it is" },
	{ EBUSY, "the map is in use, or busy; try again" },
	{ ENOMEM, "the kernel has no memory for the pair" },
	{ EOPNOTSUPP, "a map of this type takes no such change" },
};

static int explain_number(const struct map *map, const void *key, struct err *e)
{
	uint32_t number;

	memcpy(&number, key, sizeof(number));
	return fail(e, E2BIG,
		    "there is no element %u: the map has %u, the first is 0",
		    number, map->info.max_entries);
}

static bool is_behind(const struct map *map, const void *key)
{
	uint32_t number;

	if (!map->type->numbered || map->info.key_size != sizeof(number))
		return false;
	memcpy(&number, key, sizeof(number));
	return number >= map->info.max_entries;
}

/* What EINVAL means of objects: map_fd_get_ptr() of kernel/bpf, as of 7.2. */
static const char *const takes[MAP_CGROUPS + 1] = {
	[MAP_PROGRAMS] =
		"the map takes programs of one type, that of those that call through it",
	[MAP_MAPS] =
		"the map takes maps of one type and size of keys and values, as the object says",
	[MAP_DEVICES] =
		"there has to be such an interface, and a program of the section xdp/devmap",
};

static void hint_invalid(const struct map *map, struct err *e)
{
	const char *hint = takes[map->type->holds];

	if (map->info.type == BPF_MAP_TYPE_LPM_TRIE)
		hint = "prefixlen is at most the bits of what follows it";
	if (hint)
		fail_hint(e, "%s", hint);
}

static int explain(const struct map *map, const void *key, int err,
		   struct err *e)
{
	int code = errno_clamp(-err);
	size_t i;

	if (is_behind(map, key) &&
	    (code == E2BIG || code == EINVAL || code == ENOENT))
		return explain_number(map, key, e);
	if (code == E2BIG)
		return fail(e, E2BIG,
			    "the map is full: it takes %u pairs; delete some",
			    map->info.max_entries);
	for (i = 0; i < COUNT(explained); i++)
		if (explained[i].code == code)
			return fail(e, code, "%s", explained[i].sentence);
	err = fail(e, code, "the kernel refuses the pair: %s",
		   strerror(errno_clamp(code)));
	if (code == EINVAL)
		hint_invalid(map, e);
	return err;
}

static const char *const objects[] = {
	[MAP_PROGRAMS] = "a program", [MAP_MAPS] = "a map",
	[MAP_SOCKETS] = "a socket",   [MAP_EVENTS] = "a perf event",
	[MAP_CGROUPS] = "a cgroup",
};

/* A reference goes on to the end, or to the brace. */
static int take_reference(struct putting *p, enum map_holds holds,
			  const char *ends)
{
	scoped_free char *text = NULL;
	size_t length;
	int fd;

	reader_skip(&p->reader);
	length = strcspn(p->reader.at, ends);
	while (length && strchr(" \t\r\n", p->reader.at[length - 1]))
		length--;
	if (!length)
		return reader_refuse(&p->reader, "a reference");
	text = strndup(p->reader.at, length);
	if (!text)
		return fail(p->reader.e, ENOMEM, "no memory");
	if (!p->opener)
		return fail(p->reader.e, EOPNOTSUPP, "%s cannot be named here",
			    objects[holds]);
	fd = p->opener->open(p->opener->ctx, holds, text, p->reader.e);
	if (fd < 0)
		return fd;
	p->fd = fd;
	p->reader.at += length;
	return 0;
}

static int take_object(struct putting *p)
{
	int err = take_reference(p, p->map->type->holds, "");

	if (!err)
		memcpy(p->value, &p->fd, sizeof(p->fd));
	return err;
}

/* `N`, `{.ifindex = N}`, `{.ifindex = N, .prog = REFERENCE}`; or .qsize. */
static int take_target(struct putting *p)
{
	const char *name =
		p->map->type->holds == MAP_CPUS ? ".qsize" : ".ifindex";
	bool braces = reader_take(&p->reader, "{");
	uint32_t number;
	int err;

	if (braces &&
	    (!reader_take(&p->reader, name) || !reader_take(&p->reader, "=")))
		return reader_refuse(&p->reader, name);
	err = reader_take_index(&p->reader, UINT32_MAX + UINT64_C(1), &number);
	if (err)
		return err;
	memcpy(p->value, &number, sizeof(number));
	if (p->map->info.value_size >= 2 * sizeof(number))
		memcpy(p->value + sizeof(number), &p->fd, sizeof(p->fd));
	if (!braces)
		return 0;
	if (reader_take(&p->reader, ",")) {
		if (p->map->info.value_size < 2 * sizeof(number) ||
		    !reader_take(&p->reader, ".prog") ||
		    !reader_take(&p->reader, "="))
			return reader_refuse(&p->reader, "'}'");
		err = take_reference(p, MAP_PROGRAMS, "}");
		if (!err)
			memcpy(p->value + sizeof(number), &p->fd,
			       sizeof(p->fd));
	}
	if (!err && !reader_take(&p->reader, "}"))
		err = reader_refuse(&p->reader, "'}'");
	return err;
}

static int take_value(struct putting *p)
{
	switch (p->map->type->holds) {
	case MAP_VALUES:
		/* A pair that there is keeps what the text leaves out. */
		if (bpf_map_lookup(p->map->fd, p->key, p->value))
			memset(p->value, 0, map_value_bytes(p->map));
		return map_take_value(p->map, &p->reader, p->value);
	case MAP_DEVICES:
	case MAP_CPUS:
		return take_target(p);
	default:
		return take_object(p);
	}
}

static int nothing_behind(struct reader *reader)
{
	reader_skip(reader);
	return *reader->at ? reader_refuse(reader, "nothing behind it") : 0;
}

static int put(struct putting *p)
{
	int err = map_take_key(p->map, &p->reader, p->key);

	if (err)
		return err;
	if (!reader_take(&p->reader, ":"))
		reader_take(&p->reader, "=");
	err = take_value(p);
	if (!err)
		err = nothing_behind(&p->reader);
	if (err)
		return err;
	err = bpf_map_update(p->map->fd, p->key, p->value, BPF_ANY);
	return err ? explain(p->map, p->key, err, p->reader.e) : 0;
}

static int refuse_keyless(struct map *map, struct err *e)
{
	int err =
		fail(e, EOPNOTSUPP, "the map takes no pairs by a key; it is %s",
		     map->type->unread ? map->type->unread
				       : "of a type that has none");

	map_close(map);
	return err;
}

/* A map of events or of cgroups has keys, though its values are not told. */
static bool has_keys(const struct map *map)
{
	return map->info.key_size && !map->type->unwritten &&
	       (!map->type->unread || map->type->holds != MAP_VALUES);
}

int map_put(int fd, const char *text, const struct map_opener *opener,
	    struct err *e)
{
	struct map map;
	struct putting p = {
		.map = &map,
		.reader = { .begin = text, .at = text, .e = e },
		.opener = opener,
		.fd = -1,
	};
	int err = map_open(fd, &map, e);

	if (err)
		return err;
	if (!has_keys(&map))
		return refuse_keyless(&map, e);
	err = map_check_size(&map, e);
	if (err) {
		map_close(&map);
		return err;
	}
	p.key = calloc(1, map.info.key_size);
	p.value = calloc(1, map_value_bytes(&map) + sizeof(uint64_t));
	err = p.key && p.value ? put(&p) : fail(e, ENOMEM, "no memory");
	fd_close(p.fd);
	free(p.key);
	free(p.value);
	map_close(&map);
	return err;
}

static int delete (const struct map *map, struct reader *reader, void *key)
{
	int err = map_take_key(map, reader, key);

	if (!err)
		err = nothing_behind(reader);
	if (err)
		return err;
	err = bpf_map_delete(map->fd, key);
	/* array_map_delete_elem() of kernel/bpf/arraymap.c. */
	if (err == -EINVAL && map->type->numbered && !is_behind(map, key))
		return fail(
			reader->e, EINVAL,
			"an element of an array is always there; write another value to 'put'");
	return err ? explain(map, key, err, reader->e) : 0;
}

int map_delete(int fd, const char *text, struct err *e)
{
	struct reader reader = { .begin = text, .at = text, .e = e };
	struct map map;
	uint8_t *key;
	int err = map_open(fd, &map, e);

	if (err)
		return err;
	if (!has_keys(&map))
		return refuse_keyless(&map, e);
	key = calloc(1, map.info.key_size);
	err = key ? delete (&map, &reader, key) : fail(e, ENOMEM, "no memory");
	free(key);
	map_close(&map);
	return err;
}
