/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * note_walk.h - from note to note in one area; private to usdt/note*.c.
 */
#ifndef USDT_NOTE_WALK_H
#define USDT_NOTE_WALK_H

#include "usdt/note_find.h"

struct note_walk {
	const struct note_area *area;
	const char *start, *at, *end; /* at: of the note to come */
	const char *fault; /* why it ended early, or NULL */
	const char *fault_at;
};

/* The next note's header and description; false at the end, with fault. */
bool note_walk_next(struct note_walk *walk, const struct image *image,
		    const char **note, const char **desc, size_t *desc_size);

/* Of a static probe: at least a header and an owner are there. */
bool note_is_ours(const struct image *image, const char *note);

#endif
