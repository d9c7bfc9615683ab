/* SPDX-License-Identifier: BSD-2-Clause */
/* array.h - arrays whose length the compiler knows, and arrays that grow. */
#ifndef ARRAY_H
#define ARRAY_H

#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * An array with room for one more behind the `used` it has: it doubles when it
 * is full, which it is with 1, 2, 4, ...  NULL without memory; the array is
 * then as it was.
 */
static inline void *array_room(void *array, size_t used, size_t each)
{
	if (used & (used - 1))
		return array;
	return reallocarray(array, used ? 2 * used : 1, each);
}

#endif
