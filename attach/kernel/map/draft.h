/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * draft.h - a text that grows, up to a limit, in less time than stdio takes.
 *
 * What does not fit, or has no memory, is left out, and the draft has failed.
 */
#ifndef ATTACH_KERNEL_MAP_DRAFT_H
#define ATTACH_KERNEL_MAP_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define draft_uint unsigned __int128

struct draft {
	char *data; /* owned; no NUL behind it */
	size_t used;
	size_t room;
	size_t limit; /* bytes */
	bool failed;
};

/* Room for that many bytes more. */
bool draft_grow(struct draft *draft, size_t more);

static inline bool draft_room(struct draft *draft, size_t more)
{
	return more <= draft->room - draft->used || draft_grow(draft, more);
}

static inline void draft_char(struct draft *draft, char c)
{
	if (draft_room(draft, 1))
		draft->data[draft->used++] = c;
}

void draft_text(struct draft *draft, const char *text);
/* A name of BTF, which can have any character. */
void draft_name(struct draft *draft, const char *name);
void draft_unsigned(struct draft *draft, draft_uint number);
void draft_signed(struct draft *draft, draft_uint number); /* of 128 bits */
void draft_hex(struct draft *draft, draft_uint number); /* 0x... */
void draft_bytes(struct draft *draft, const void *data, size_t size);
/* Of a string or character in C, in quotes. */
void draft_escaped(struct draft *draft, unsigned char c, char quote);

void draft_clear(struct draft *draft); /* may be called twice */

#endif
