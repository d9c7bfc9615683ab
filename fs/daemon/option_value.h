/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * option_value.h - a row of the table of mount options, and how its value is
 * read.
 */
#ifndef FS_DAEMON_OPTION_VALUE_H
#define FS_DAEMON_OPTION_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

/*
 * A row with parse() is ours.  One with set or clear changes the flags of
 * mount(2).  One with neither is swallowed, with a value or without.
 */
struct row {
	const char *name; /* the last byte may be a star: any end will do */
	const char *value; /* what follows the '=', NULL is that nothing does */
	int (*parse)(const struct row *row, void *field, const char *value,
		     struct err *e);
	size_t offset; /* of the field in struct options */
	uint64_t min, max; /* of a number */
	bool raw; /* parse() gets the word as it is, name and quotes too */
	bool transient; /* no property of the mount; a remount may have it */
	unsigned long set, clear;
	const char *help;
};

/*
 * Each fills the field of struct options that its name tells the type of; on
 * failure the field is as it was.
 */
#define VALUE(noun)                                          \
	int value_##noun(const struct row *row, void *field, \
			 const char *value, struct err *e)
VALUE(on); /* bool; there is no value */
VALUE(mode); /* mode_t, octal, at most row->max */
VALUE(number); /* uint64_t, from row->min to row->max */
VALUE(size); /* the same, in bytes, or with K, M or G behind it */
VALUE(user); /* uid_t, by name or number */
VALUE(group); /* gid_t, likewise */
VALUE(text); /* char *, not empty; owned by the field */
VALUE(path); /* likewise, absolute */
VALUE(kinds); /* uint64_t, a bit for each of kinds[], by name */
VALUE(attach_mode); /* const struct attach_mode *, by name */
VALUE(list); /* char *, owned; the value is appended after a comma */
#undef VALUE

#endif
