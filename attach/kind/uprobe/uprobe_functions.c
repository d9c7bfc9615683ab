// SPDX-License-Identifier: BSD-2-Clause
/* uprobe_functions.c - a list of functions of a file. */
#include <errno.h>
#include <stdlib.h>

#include "array.h"
#include "attach/kind/uprobe/uprobe.h"

int functions_add(struct functions *f, const struct image_symbol *s)
{
	struct function *grown = array_room(f->list, f->count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	f->list = grown;
	f->list[f->count] = (struct function){
		.name = s->name,
		.version = s->version,
		.default_version = s->default_version,
		.type = s->type,
		.offset = s->offset,
		.size = s->size,
		.order = f->count,
	};
	f->count++;
	return 0;
}

static int by_offset(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	if (a->offset != b->offset)
		return a->offset > b->offset ? 1 : -1;
	return (a->order > b->order) - (a->order < b->order);
}

void functions_sort(struct functions *f)
{
	if (f->count)
		qsort(f->list, f->count, sizeof(*f->list), by_offset);
}
