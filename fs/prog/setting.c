// SPDX-License-Identifier: BSD-2-Clause
/* setting.c - lists of settings. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kind/kind.h"
#include "fs/prog/setting.h"
#include "scope.h"

static struct object_setting *find(const struct settings *settings,
				   const char *path)
{
	size_t i;

	for (i = 0; i < settings->count; i++)
		if (!strcmp(settings->rows[i].path, path))
			return &settings->rows[i];
	return NULL;
}

const struct object_setting *setting_find(const struct settings *settings,
					  const char *path)
{
	return find(settings, path);
}

static void row_clear(struct object_setting *row)
{
	free((char *)(uintptr_t)row->path);
	free((char *)(uintptr_t)row->value);
	fd_close(row->fd);
}

/* include/linux/bpf_verifier.h, BPF_LOG_STATS and BPF_LOG_MASK; 5.2. */
enum { LEVEL_STATS = 4, LEVELS = 7 };

bool setting_log_level(const char *text, uint32_t *level)
{
	uint32_t number;

	if (!strcmp(text, "stats")) {
		*level = LEVEL_STATS;
		return true;
	}
	if (type_u32.parse(&number, text, NULL) || number > LEVELS)
		return false;
	*level = number;
	return true;
}

/* Takes fd over. */
static int row_make(const char *path, const char *value, int fd,
		    struct object_setting *out)
{
	struct object_setting row = { strdup(path), strdup(value), fd };

	if (!row.path || !row.value) {
		row_clear(&row);
		return -ENOMEM;
	}
	*out = row;
	return 0;
}

static int add(struct settings *settings, const struct object_setting *row)
{
	struct object_setting *rows;

	if (settings->count >= SETTINGS_MAX)
		return -ENOSPC;
	rows = array_room(settings->rows, settings->count, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	settings->rows = rows;
	rows[settings->count++] = *row;
	return 0;
}

static void take_away(struct settings *settings, struct object_setting *row)
{
	row_clear(row);
	*row = settings->rows[--settings->count];
}

int setting_put(struct settings *settings, const char *path, const char *value,
		int fd)
{
	struct object_setting *old = find(settings, path), row;
	int err;

	if (!value) {
		fd_close(fd);
		if (old)
			take_away(settings, old);
		return 0;
	}
	err = row_make(path, value, fd, &row);
	if (err)
		return err;
	if (old) {
		row_clear(old);
		*old = row;
		return 0;
	}
	err = add(settings, &row);
	if (err)
		row_clear(&row);
	return err;
}

int settings_copy(const struct settings *settings, struct settings *out)
{
	struct settings copy = { NULL, 0 };
	size_t i;
	int err = 0;

	for (i = 0; i < settings->count && !err; i++) {
		const struct object_setting *row = &settings->rows[i];
		int fd = row->fd < 0 ? -1 : fcntl(row->fd, F_DUPFD_CLOEXEC, 0);

		err = row->fd >= 0 && fd < 0
			      ? -errno
			      : setting_put(&copy, row->path, row->value, fd);
	}
	if (err)
		settings_clear(&copy);
	else
		*out = copy;
	return err;
}

void settings_clear(struct settings *settings)
{
	while (settings->count)
		row_clear(&settings->rows[--settings->count]);
	free(settings->rows);
	settings->rows = NULL;
}

bool settings_equal(const struct settings *a, const struct settings *b)
{
	const struct object_setting *other;
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++) {
		other = find(b, a->rows[i].path);
		if (!other || strcmp(other->value, a->rows[i].value) != 0)
			return false;
	}
	return true;
}

size_t settings_bytes(const struct settings *settings)
{
	size_t i, bytes = settings->count * sizeof(*settings->rows);

	for (i = 0; i < settings->count; i++)
		bytes += strlen(settings->rows[i].path) +
			 strlen(settings->rows[i].value);
	return bytes;
}

size_t settings_of_object(struct settings *settings)
{
	size_t i, first = 0;

	for (i = 0; i < settings->count; i++) {
		struct object_setting row = settings->rows[i];

		if (!strchr(row.path, '/'))
			continue;
		settings->rows[i] = settings->rows[first];
		settings->rows[first++] = row;
	}
	return first;
}
