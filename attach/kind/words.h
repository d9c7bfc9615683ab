/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * words.h - fields that take one of a few words.
 *
 * The member is a uint32_t: 1 + the place of the word in the table, 0 when unset.
 */
#ifndef ATTACH_KIND_WORDS_H
#define ATTACH_KIND_WORDS_H

#include <stdint.h>
#include <stdio.h>

#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "fail.h"

struct word {
	const char *text; /* NULL ends a table */
	uint32_t value; /* the kernel's */
};

/* EINVAL at the start of the span: none of the words, which it lists. */
int word_parse(const struct word *words, const char *text, struct span span,
	       uint32_t *place, struct err *e);
void word_show(const struct word *words, uint32_t place, FILE *out);
void word_clear(void *place);

/* A line a word. */
void word_list(const struct word *words, FILE *out);

/* The type NAME of a table. */
/* clang-format off */
#define WORD_TYPE(name, words, shown)                                      \
	static int name##_parse(void *value, const char *text,             \
				struct err *e)                             \
	{                                                                  \
		return word_parse(words, text,                             \
				  (struct span){ 0, strlen(text) }, value, \
				  e);                                      \
	}                                                                  \
	static void name##_show(const void *value, FILE *out)              \
	{                                                                  \
		word_show(words, *(const uint32_t *)value, out);           \
	}                                                                  \
	static const struct type name = {                                  \
		.parse = name##_parse,                                     \
		.show = name##_show,                                       \
		.clear = word_clear,                                       \
		.form = (shown),                                           \
	}
/* clang-format on */

#endif
