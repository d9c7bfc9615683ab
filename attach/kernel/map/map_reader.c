// SPDX-License-Identifier: BSD-2-Clause
/* map_reader.c - the pairs of a map, a chunk at a time. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/map/bpf_map.h"
#include "attach/kernel/map/map_types.h"
#include "scope.h"

enum {
	CHUNK_BYTES =
		256 << 10, /* of keys and values, where more than one fit */
	CHUNK_PAIRS = 4096,
	CHUNK_LARGEST =
		64 << 20, /* for a bucket that the kernel tells at once */
	PLACE = sizeof(uint64_t), /* of a batch: at least that much */
	RESTARTS = 16, /* by keys that were deleted meanwhile */
	RETRIES = 64,
};

struct map_reader {
	pthread_mutex_t lock;
	int fd; /* owned */
	struct map map;
	struct draft draft; /* lines that are made */
	size_t told; /* bytes of it that are read */

	/* Gets the next pairs; sets ended with the last. */
	int (*fetch)(struct map_reader *reader, struct err *e);
	bool begun, ended;
	uint8_t *keys, *values; /* owned */
	uint32_t room, count, next; /* pairs: there may be, are, is told next */

	/* A batch: where it goes on.  By keys: the last and the first.  Owned. */
	uint8_t *from, *to, *first;
	uint32_t number; /* of the next, where keys are numbers */
	unsigned int restarts;
	uint64_t seen; /* keys */
};

static int fail_read(const struct map_reader *reader, int err, struct err *e)
{
	if (err == -EPERM)
		return fail(
			e, EPERM,
			"the map cannot be read: it, or the descriptor of it, is write-only");
	if (err == -ENOSPC && reader->map.type->holds == MAP_SOCKETS)
		return fail(
			e, EOPNOTSUPP,
			"sockets can be told where the map's value_size is 8; it is %u",
			reader->map.info.value_size);
	return fail(e, -err, "the kernel does not tell the map's pairs: %s",
		    strerror(errno_clamp(-err)));
}

static int refuse_changing(struct err *e)
{
	return fail(e, EBUSY,
		    "the map changes faster than it is read; read it again");
}

static int make_room(struct map_reader *reader, uint32_t room)
{
	uint8_t *keys, *values;

	keys = reallocarray(reader->keys, room, reader->map.info.key_size + 1);
	if (keys)
		reader->keys = keys;
	values = reallocarray(reader->values, room,
			      map_value_bytes(&reader->map) + 1);
	if (values)
		reader->values = values;
	if (!keys || !values)
		return -ENOMEM;
	reader->room = room;
	return 0;
}

static uint8_t *key_at(const struct map_reader *reader, uint32_t i)
{
	return reader->keys + (size_t)i * reader->map.info.key_size;
}

static uint8_t *value_at(const struct map_reader *reader, uint32_t i)
{
	return reader->values + i * map_value_bytes(&reader->map);
}

/* By the number of each; an array has all, others of them have holes. */
static int fetch_numbers(struct map_reader *reader, struct err *e)
{
	uint32_t i;
	int err;

	for (i = 0; i < reader->room; i++) {
		if (reader->number == reader->map.info.max_entries) {
			reader->ended = true;
			break;
		}
		memcpy(key_at(reader, reader->count), &reader->number,
		       sizeof(reader->number));
		reader->number++;
		err = bpf_map_lookup(reader->fd, key_at(reader, reader->count),
				     value_at(reader, reader->count));
		if (err && err != -ENOENT)
			return fail_read(reader, err, e);
		reader->count += !err;
	}
	return 0;
}

/* After a key that is deleted the kernel begins with the first again. */
static int next_key(struct map_reader *reader, struct err *e)
{
	size_t size = reader->map.info.key_size;
	int err = bpf_map_next_key(
		reader->fd, reader->begun ? reader->from : NULL, reader->to);

	if (err == -ENOENT) {
		reader->ended = true;
		return 0;
	}
	if (err)
		return fail_read(reader, err, e);
	if (reader->begun && !memcmp(reader->to, reader->first, size) &&
	    ++reader->restarts > RESTARTS)
		return refuse_changing(e);
	if (++reader->seen >
	    (uint64_t)(RESTARTS + 1) * reader->map.info.max_entries)
		return refuse_changing(e);
	if (!reader->begun)
		memcpy(reader->first, reader->to, size);
	reader->begun = true;
	memcpy(reader->from, reader->to, size);
	return 0;
}

static int fetch_keys(struct map_reader *reader, struct err *e)
{
	uint32_t i;
	int err;

	for (i = 0; i < reader->room && !reader->ended; i++) {
		err = next_key(reader, e);
		if (err || reader->ended)
			return err;
		err = bpf_map_lookup(reader->fd, reader->from,
				     value_at(reader, reader->count));
		if (err && err != -ENOENT)
			return fail_read(reader, err, e);
		if (!err)
			memcpy(key_at(reader, reader->count), reader->from,
			       reader->map.info.key_size);
		reader->count += !err;
	}
	return 0;
}

/* A bucket of a hash is told at once. */
static int more_room(struct map_reader *reader, struct err *e)
{
	size_t pair = reader->map.info.key_size + map_value_bytes(&reader->map);

	if (reader->room * pair > CHUNK_LARGEST)
		return fail(e, E2BIG,
			    "the kernel tells more than %d MiB at once",
			    CHUNK_LARGEST >> 20);
	return make_room(reader, 2 * reader->room)
		       ? fail(e, ENOMEM, "no memory")
		       : 0;
}

static int fetch_other(struct map_reader *reader, struct err *e)
{
	const struct map *map = &reader->map;

	reader->fetch =
		map->type->numbered && map->info.key_size == sizeof(uint32_t)
			? fetch_numbers
			: fetch_keys;
	return reader->fetch(reader, e);
}

static int read_batch(struct map_reader *reader)
{
	reader->count = reader->room;
	return bpf_map_lookup_batch(
		reader->fd, reader->begun ? reader->from : NULL, reader->to,
		reader->keys, reader->values, &reader->count);
}

/* EINTR: pairs went away meanwhile. */
static int fetch_batch(struct map_reader *reader, struct err *e)
{
	unsigned int tries = 0;
	size_t place = reader->map.info.key_size;
	int err;

	while ((err = read_batch(reader)) == -ENOSPC ||
	       (err == -EINTR && !reader->count)) {
		if (err == -EINTR && ++tries > RETRIES)
			return refuse_changing(e);
		err = err == -ENOSPC ? more_room(reader, e) : 0;
		if (err)
			return err;
	}
	if (err && err != -ENOENT && err != -EINTR)
		return reader->begun ? fail_read(reader, err, e)
				     : fetch_other(reader, e);
	reader->ended = err == -ENOENT;
	reader->begun = true;
	memcpy(reader->from, reader->to, place > PLACE ? place : PLACE);
	return 0;
}

static int draft_pairs(struct map_reader *reader, size_t size, struct err *e)
{
	struct draft *draft = &reader->draft;

	while (reader->next < reader->count && draft->used < size) {
		map_draft_key(&reader->map, key_at(reader, reader->next),
			      draft);
		draft_text(draft, ": ");
		map_draft_value(&reader->map, value_at(reader, reader->next),
				draft);
		draft_char(draft, '\n');
		if (draft->failed)
			return fail(
				e, E2BIG,
				"no memory for a pair as text, or it has more than %d MiB",
				MAP_BYTES >> 20);
		reader->next++;
	}
	return 0;
}

static int make_lines(struct map_reader *reader, size_t size, struct err *e)
{
	int err = 0;

	if (reader->told < reader->draft.used)
		return 0;
	reader->told = reader->draft.used = 0;
	while (!err && reader->draft.used < size) {
		if (reader->next == reader->count) {
			if (reader->ended)
				return 0;
			reader->next = reader->count = 0;
			err = reader->fetch(reader, e);
		}
		if (!err)
			err = draft_pairs(reader, size, e);
	}
	/* What came before the error is told first, and the error then. */
	return reader->draft.used ? 0 : err;
}

ssize_t map_reader_read(struct map_reader *reader, char *buffer, size_t size,
			struct err *e)
{
	size_t count;
	int err;

	pthread_mutex_lock(&reader->lock);
	err = make_lines(reader, size, e);
	count = reader->draft.used - reader->told;
	if (count > size)
		count = size;
	if (!err && count) {
		memcpy(buffer, reader->draft.data + reader->told, count);
		reader->told += count;
	}
	pthread_mutex_unlock(&reader->lock);
	return err ? err : (ssize_t)count;
}

void map_reader_close(struct map_reader *reader)
{
	if (!reader)
		return;
	map_close(&reader->map);
	draft_clear(&reader->draft);
	free(reader->keys);
	free(reader->values);
	free(reader->from);
	free(reader->to);
	free(reader->first);
	fd_close(reader->fd);
	pthread_mutex_destroy(&reader->lock);
	free(reader);
}

static int prepare(struct map_reader *reader, struct err *e)
{
	const struct bpf_map_info *info = &reader->map.info;
	size_t pair = info->key_size + map_value_bytes(&reader->map) + 1;
	size_t place = info->key_size + PLACE;
	size_t room = CHUNK_BYTES / pair;

	reader->fetch = fetch_batch;
	if (reader->map.type->unread) {
		draft_text(&reader->draft, "# ");
		draft_text(&reader->draft, reader->map.type->unread);
		draft_char(&reader->draft, '\n');
		reader->ended = true;
		return 0;
	}
	reader->from = calloc(1, place);
	reader->to = calloc(1, place);
	reader->first = calloc(1, place);
	if (room > CHUNK_PAIRS)
		room = CHUNK_PAIRS;
	if (!reader->from || !reader->to || !reader->first ||
	    make_room(reader, room ? (uint32_t)room : 1))
		return fail(e, ENOMEM, "no memory");
	return 0;
}

int map_reader_open(int fd, struct map_reader **out, struct err *e)
{
	struct map_reader *reader = calloc(1, sizeof(*reader));
	int err;

	if (!reader)
		return fail(e, ENOMEM, "no memory");
	pthread_mutex_init(&reader->lock, NULL);
	reader->draft.limit = MAP_BYTES;
	reader->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	err = reader->fd < 0 ? fail(e, errno, "no descriptor is left")
			     : map_open(reader->fd, &reader->map, e);
	if (!err)
		err = map_check_size(&reader->map, e);
	if (!err)
		err = prepare(reader, e);
	if (err)
		map_reader_close(reader);
	else
		*out = reader;
	return err;
}
