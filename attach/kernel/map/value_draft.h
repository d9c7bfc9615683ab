/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * value_draft.h - values one after the other, with one index for all.
 */
#ifndef ATTACH_KERNEL_MAP_VALUE_DRAFT_H
#define ATTACH_KERNEL_MAP_VALUE_DRAFT_H

#include "attach/kernel/btf_function.h"
#include "attach/kernel/map/draft.h"
#include "fail.h"

/* As value_show(). */
int value_draft(const struct btf_index *index, uint32_t type, const void *data,
		size_t size, struct draft *out);

/* As value_type(), with what is declared to be of the type. */
int value_draft_type(const struct btf_index *index, uint32_t type,
		     struct draft *out);

/*
 * As value_parse(), and goes on behind the value: *text is moved there.  A string
 * without quotes ends with a blank or with one of the characters of `ends`; NULL:
 * with the text.
 */
int value_take(const struct btf_index *index, uint32_t type, const char *begin,
	       const char **text, const char *ends, void *data, size_t size,
	       struct err *e);

/* The same of bytes, as value_parse_hex(): exactly size of them. */
int value_take_hex(const char *begin, const char **text, void *data,
		   size_t size, struct err *e);

#endif
