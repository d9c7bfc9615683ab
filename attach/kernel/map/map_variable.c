// SPDX-License-Identifier: BSD-2-Clause
/* map_variable.c - the variables of an object, each in the map of its section. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/map/map_types.h"
#include "attach/kernel/map/shape.h"
#include "attach/kernel/map/value.h"
#include "scope.h"

/* Its type: by its name, and its place where several have the name. */
static bool find(const struct map *map, const struct map_variable *variable,
		 uint32_t *type)
{
	struct shape section;
	struct member member;
	uint32_t i;

	if (!map->value_type ||
	    !shape_of(&map->index, map->value_type, &section))
		return false;
	for (i = 0; shape_member(&map->index, &section, i, &member); i++)
		if (member.at == (uint64_t)variable->offset * 8 &&
		    !strcmp(member.name, variable->name)) {
			*type = member.type;
			return true;
		}
	return false;
}

static int open_variable(int fd, const struct map_variable *variable,
			 struct map *map, uint32_t *type, struct err *e)
{
	int err = map_open(fd, map, e);

	if (err)
		return err;
	if ((uint64_t)variable->offset + variable->size > map->info.value_size)
		err = fail(e, EIO, "the variable is not in the map");
	else if (variable->size > MAP_BYTES)
		err = fail(e, E2BIG, "'%s' has more than %d MiB",
			   variable->name, MAP_BYTES >> 20);
	else if (!find(map, variable, type))
		err = fail(
			e, EOPNOTSUPP,
			"the kernel has no types of the map that '%s' is in, or does not tell them",
			variable->name);
	if (err)
		map_close(map);
	return err;
}

/* The one value of the map; yours to free. */
static int read_whole(const struct map *map, uint8_t **out, struct err *e)
{
	uint8_t *value = malloc(map->info.value_size);
	uint32_t key = 0;
	int err;

	if (!value)
		return fail(e, ENOMEM, "no memory");
	err = bpf_map_lookup(map->fd, &key, value);
	if (err) {
		free(value);
		return fail(e, -err, "the variables cannot be read: %s",
			    strerror(errno_clamp(-err)));
	}
	*out = value;
	return 0;
}

static int read_mapped(const struct map *map,
		       const struct map_variable *variable, uint8_t *bytes)
{
	size_t size = map->info.value_size;
	uint8_t *at = mmap(NULL, size, PROT_READ, MAP_SHARED, map->fd, 0);

	if (at == MAP_FAILED)
		return -errno;
	memcpy(bytes, at + variable->offset, variable->size);
	munmap(at, size);
	return 0;
}

/* Its bytes; yours to free.  A section may be large, of which it is little. */
static int read_variable(const struct map *map,
			 const struct map_variable *variable, uint8_t **out,
			 struct err *e)
{
	scoped_free uint8_t *bytes = malloc(variable->size + !variable->size);
	scoped_free uint8_t *value = NULL;
	int err;

	if (!bytes)
		return fail(e, ENOMEM, "no memory");
	if (!(map->info.map_flags & BPF_F_MMAPABLE) ||
	    read_mapped(map, variable, bytes)) {
		err = read_whole(map, &value, e);
		if (err)
			return err;
		memcpy(bytes, value + variable->offset, variable->size);
	}
	*out = take(bytes);
	return 0;
}

int map_variable_show(int fd, const struct map_variable *variable, FILE *out,
		      struct err *e)
{
	scoped_free uint8_t *bytes = NULL;
	uint32_t type;
	struct map map;
	int err = open_variable(fd, variable, &map, &type, e);

	if (err)
		return err;
	err = read_variable(&map, variable, &bytes, e);
	if (!err && value_show(&map.btf, type, bytes, variable->size, out))
		err = fail(
			e, EINVAL,
			"'%s' has no value as text, or more than is told of one",
			variable->name);
	map_close(&map);
	return err;
}

static int refuse_constant(const struct map_variable *variable, struct err *e)
{
	return fail(
		e, EPERM,
		"'%s' is constant once it is loaded; write 0 to 'load', the value, and 1 to 'load'",
		variable->name);
}

/* The bytes of it alone: programs write the others meanwhile. */
static int write_mapped(const struct map *map,
			const struct map_variable *variable,
			const uint8_t *bytes, struct err *e)
{
	size_t size = map->info.value_size;
	uint8_t *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			   map->fd, 0);

	if (at == MAP_FAILED)
		return errno == EPERM ? refuse_constant(variable, e)
				      : fail(e, errno,
					     "the variables cannot be mapped");
	memcpy(at + variable->offset, bytes, variable->size);
	munmap(at, size);
	return 0;
}

static int write_whole(const struct map *map,
		       const struct map_variable *variable,
		       const uint8_t *bytes, struct err *e)
{
	scoped_free uint8_t *value = NULL;
	uint32_t key = 0;
	int err = read_whole(map, &value, e);

	if (err)
		return err;
	memcpy(value + variable->offset, bytes, variable->size);
	err = bpf_map_update(map->fd, &key, value, BPF_ANY);
	if (err == -EPERM)
		return refuse_constant(variable, e);
	return err ? fail(e, -err, "the variable cannot be written: %s",
			  strerror(errno_clamp(-err)))
		   : 0;
}

static int put(const struct map *map, const struct map_variable *variable,
	       uint32_t type, const char *text, struct err *e)
{
	scoped_free uint8_t *bytes = NULL, *before = NULL;
	int err = read_variable(map, variable, &bytes, e);

	if (err)
		return err;
	before = malloc(variable->size + !variable->size);
	if (!before)
		return fail(e, ENOMEM, "no memory");
	memcpy(before, bytes, variable->size);
	err = value_parse(&map->btf, type, text, bytes, variable->size, e);
	if (err || !memcmp(bytes, before, variable->size))
		return err;
	if (map->info.map_flags & BPF_F_MMAPABLE)
		return write_mapped(map, variable, bytes, e);
	return write_whole(map, variable, bytes, e);
}

int map_variable_put(int fd, const struct map_variable *variable,
		     const char *text, struct err *e)
{
	uint32_t type;
	struct map map;
	int err = open_variable(fd, variable, &map, &type, e);

	if (err)
		return err;
	if (map.info.map_flags & BPF_F_RDONLY_PROG)
		err = refuse_constant(variable, e);
	else
		err = put(&map, variable, type, text, e);
	map_close(&map);
	return err;
}
