/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * answer.h - what the loader answers, put together by it and taken apart by the
 * daemon, which believes nothing of it: libbpf may have run into anything.
 */
#ifndef ATTACH_PROGRAM_LOADER_ANSWER_H
#define ATTACH_PROGRAM_LOADER_ANSWER_H

#include <stdio.h>

#include "attach/program/loader/channel.h"
#include "attach/program/object.h"

enum {
	ANSWER_NAME = 256, /* bytes of a name, as of a file's, NUL included */
	ANSWER_SYMBOLS = 1 << 20, /* bytes, of all that are wanted */
	ANSWER_FDS = OBJECT_PROGRAMS + OBJECT_MAPS,
};

/* An object that was opened; its symbols are to be looked up, one a line. */
struct answer_opened {
	struct object *object;
	char *symbols;
};

/* Whether a directory can have that name. */
bool answer_name(const char *name);

void answer_put_opened(FILE *out, const struct answer_opened *opened);

/* EIO: that is none.  The object has one holder. */
int answer_take_opened(const char *data, size_t size,
		       struct answer_opened *opened);

/* Of each program and map, whether it was loaded. */
void answer_put_loaded(FILE *out, const struct object *object);

/*
 * Moves the message's descriptors into the object, which goes to the next one
 * that has none.  EIO; the object then has some of them.
 */
int answer_take_loaded(struct message *message, struct object *object);

/* Why it came to nothing. */
struct answer_failed {
	struct err why;
	/* What the kernel refused: its place, or OBJECT_PROGRAMS, _MAPS. */
	uint32_t program, map;
};

void answer_put_failed(FILE *out, const struct answer_failed *failed);
int answer_take_failed(const char *data, size_t size,
		       struct answer_failed *failed);

#endif
