/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setting.h - what is set of an object file before it is loaded.
 *
 * A setting is a file below prog/NAME and what was written to it, as
 * "program/P/type" and "kprobe".  Those whose path has no '/' are about the
 * loading, and not about what is in the object.
 *
 * Locking: tree.lock guards the list of a struct upload; a copy has one owner.
 */
#ifndef FS_PROG_SETTING_H
#define FS_PROG_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "attach/program/object.h"

enum { SETTINGS_MAX = 1024 }; /* of an object file */

/* Owns its strings and descriptors; {0} is empty. */
struct settings {
	struct object_setting *rows;
	size_t count;
};

/* What was set at that path; NULL: nothing was. */
const struct object_setting *setting_find(const struct settings *settings,
					  const char *path);

/*
 * Sets it; value NULL: takes it away.  fd, which is -1 or that of what the value
 * refers to, is taken over in any case.  ENOSPC: too many; ENOMEM.
 */
int setting_put(struct settings *settings, const char *path, const char *value,
		int fd);

/* ENOMEM, EMFILE; *out is untouched then. */
int settings_copy(const struct settings *settings, struct settings *out);
void settings_clear(struct settings *settings);

/* The same, whatever their order. */
bool settings_equal(const struct settings *a, const struct settings *b);

/* Bytes that they are kept in. */
size_t settings_bytes(const struct settings *settings);

/* The settings about the object are put first; returns how many they are. */
size_t settings_of_object(struct settings *settings);

/* What was written to log_level; false: it is no such text. */
bool setting_log_level(const char *text, uint32_t *level);

#endif
