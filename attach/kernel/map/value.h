/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * value.h - values as text, by their types in BTF.
 *
 * Numbers, enumerators by name, characters of an array as a string, arrays,
 * structs and unions as C writes them: `{.a = 1, .b = {2, 3}, .c = "text"}`.
 * Without BTF a value is its bytes, in hexadecimal.  What is shown can be parsed
 * again.  Types and values can be anybody's: depth, length and size are checked.
 */
#ifndef ATTACH_KERNEL_MAP_VALUE_H
#define ATTACH_KERNEL_MAP_VALUE_H

#include <stdio.h>

#include "attach/kernel/btf.h"
#include "fail.h"

/* 0, or -EINVAL for a type that does not describe size bytes. */
int value_show(const struct btf_types *btf, uint32_t type, const void *data,
	       size_t size, FILE *out);

/*
 * Into size bytes at data, which are untouched on failure: members that the text
 * leaves out stay what they are.  *e has the place in the text.
 */
int value_parse(const struct btf_types *btf, uint32_t type, const char *text,
		void *data, size_t size, struct err *e);

/* The type in C, as "unsigned int", "struct event [4]". */
int value_type(const struct btf_types *btf, uint32_t type, FILE *out);

/* The same without BTF: "0a 00 ff". */
void value_show_hex(const void *data, size_t size, FILE *out);
int value_parse_hex(const char *text, void *data, size_t size, struct err *e);

#endif
