/* SPDX-License-Identifier: BSD-2-Clause */
/* scalar.h - numbers of a type from text: also enumerators, characters. */
#ifndef ATTACH_KERNEL_MAP_SCALAR_H
#define ATTACH_KERNEL_MAP_SCALAR_H

#include "attach/kernel/map/reader.h"
#include "attach/kernel/map/shape.h"

/*
 * bits of the number, of the shape's type; ERANGE: it does not fit them.  A float
 * is the number that its bytes are.
 */
int scalar_take(struct reader *reader, const struct btf_index *index,
		const struct shape *shape, unsigned int bits,
		unsigned __int128 *number);

#endif
