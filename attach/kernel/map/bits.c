// SPDX-License-Identifier: BSD-2-Clause
/* bits.c - reading and writing numbers of any width. */
#include <stdbool.h>
#include <string.h>

#include "attach/kernel/map/bits.h"

enum { BYTE = 8, LARGEST = 16 };

/* Where bit i of the number is: a little-endian machine begins with the lowest. */
static uint64_t place(uint64_t at, unsigned int bits, unsigned int i,
		      uint8_t *mask)
{
	uint64_t bit;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	bit = at + i;
	(void)bits;
	*mask = (uint8_t)(1U << bit % BYTE);
#else
	bit = at + bits - 1 - i;
	*mask = (uint8_t)(0x80U >> bit % BYTE);
#endif
	return bit / BYTE;
}

/* Where a number of whole bytes is in memory, on either kind of machine. */
static uint8_t *bytes_of(unsigned __int128 *number, unsigned int size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	(void)size;
	return (uint8_t *)number;
#else
	return (uint8_t *)number + LARGEST - size;
#endif
}

unsigned __int128 bits_get(const uint8_t *data, uint64_t at, unsigned int bits)
{
	unsigned __int128 number = 0;
	unsigned int i;
	uint64_t byte;
	uint8_t mask;

	if (at % BYTE == 0 && bits % BYTE == 0) {
		memcpy(bytes_of(&number, bits / BYTE), data + at / BYTE,
		       bits / BYTE);
		return number;
	}
	for (i = 0; i < bits; i++) {
		byte = place(at, bits, i, &mask);
		if (data[byte] & mask)
			number |= (unsigned __int128)1 << i;
	}
	return number;
}

void bits_put(uint8_t *data, uint64_t at, unsigned int bits,
	      unsigned __int128 number)
{
	unsigned int i;
	uint64_t byte;
	uint8_t mask;

	if (at % BYTE == 0 && bits % BYTE == 0) {
		memcpy(data + at / BYTE, bytes_of(&number, bits / BYTE),
		       bits / BYTE);
		return;
	}
	for (i = 0; i < bits; i++) {
		byte = place(at, bits, i, &mask);
		data[byte] &= (uint8_t)~mask;
		if (number >> i & 1)
			data[byte] |= mask;
	}
}
