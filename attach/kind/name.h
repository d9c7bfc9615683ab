/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * name.h - pieces of the names that mkdir takes.
 */
#ifndef ATTACH_KIND_NAME_H
#define ATTACH_KIND_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fail.h"

/* A piece of a name: text[start] to text[end - 1]. */
struct span {
	size_t start, end;
};

/* A name without a target; this is how one is written, for the refusal. */
int name_lone_label(const char *text, const char *target, struct err *e);

/* Splits NAME[@LABEL]: *name is what comes before the '@', and is not empty. */
int name_label(const char *text, struct span *name, struct err *e);

/* An owned copy, or -ENOMEM. */
int name_copy(const char *text, struct span span, char **copy, struct err *e);

/* A number in the form of type_u64. */
int name_number(const char *text, struct span span, uint64_t *value,
		struct err *e);

/*
 * Every byte is a letter, a digit or one of others; what is the thing's name
 * for the sentence, as in "a function's name".
 */
int name_check(const char *text, struct span span, const char *others,
	       const char *what, struct err *e);

/*
 * A copy with each %XX made the byte XX, since a name cannot have a '/', nor a
 * piece of it what ends the piece.
 */
int name_unescape(const char *text, struct span span, char **out,
		  struct err *e);

/* "." or "..", which are directories, and no names of anything else. */
bool name_is_dots(const char *text);

/* The BINARY of a name, unescaped: a file name or an absolute path. */
int name_binary(const char *text, struct span span, char **path, struct err *e);

#endif
