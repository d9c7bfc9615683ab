/* SPDX-License-Identifier: BSD-2-Clause */
/* bits.h - numbers of any width at any bit of a value, as compilers place them. */
#ifndef ATTACH_KERNEL_MAP_BITS_H
#define ATTACH_KERNEL_MAP_BITS_H

#include <stdint.h>

/* Its bits, at most 128; the caller has checked that data has them. */
unsigned __int128 bits_get(const uint8_t *data, uint64_t at, unsigned int bits);
void bits_put(uint8_t *data, uint64_t at, unsigned int bits,
	      unsigned __int128 number);

/* The number's lowest bits; the sign of a narrow one in all 128. */
static inline unsigned __int128 bits_mask(unsigned __int128 number,
					  unsigned int bits)
{
	return bits < 128 ? number & ((((unsigned __int128)1) << bits) - 1)
			  : number;
}

static inline unsigned __int128 bits_extend(unsigned __int128 number,
					    unsigned int bits)
{
	unsigned __int128 sign = (unsigned __int128)1 << (bits - 1);

	return (bits_mask(number, bits) ^ sign) - sign;
}

#endif
