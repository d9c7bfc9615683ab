// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/* globals.bpf.c - variables of each kind of type, of each kind of section. */
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

enum mood { MOOD_GOOD, MOOD_BAD = 7, MOOD_WORST = -1 };
enum mask { MASK_HIGH = 0x80000000 };
enum wide { WIDE = 0x100000000 };

struct bits {
	__u32 low : 3;
	int sign : 5;
	__u64 rest : 40;
};

struct outer {
	__u16 port;
	union {
		__u32 word;
		__u8 bytes[4];
	};
	struct bits bits;
	struct {
		char name[8];
		bool on;
	} inner[2];
	struct outer *next;
};

typedef __u64 stamp_t;

/* .rodata: constant before it is loaded only. */
const volatile __u32 limit = 100;
const volatile enum mood mood = MOOD_BAD;
const volatile char greeting[16] = "hello";
const volatile struct bits constant_bits = { 5, -3, 1ULL << 39 };

/* .data */
__s8 tiny = -128;
__u8 byte = 255;
__s16 small = -32768;
__s64 big = -9223372036854775807LL - 1;
__u64 huge = 18446744073709551615ULL;
bool on = true;
char letter = 'x';
enum mask mask = MASK_HIGH;
enum wide wide = WIDE;
stamp_t stamp = 1;
int numbers[4] = { 1, -2, 3 };
int matrix[2][2] = { { 1, 2 }, { 3, 4 } };
char text[8] = "a\n\"b";
struct outer outer = {
	.port = 80,
	.word = 0x01020304,
	.bits = { 1, -1, 2 },
	.inner = { { "one", true }, { "two", false } },
};
static volatile int hidden = 3;

/* .bss */
int zero;
struct outer empty;
__int128 wider;

/* A section of its own. */
int own SEC(".data.own") = 11;

SEC("socket")
int globals(void *ctx)
{
	(void)ctx;
	zero = (int)limit + mood + greeting[0] + constant_bits.low + tiny +
	       byte + small + (int)big + (int)huge + on + letter + mask +
	       numbers[0] + matrix[1][1] + text[0] + outer.port + hidden +
	       empty.port + own + (int)stamp + (int)wide;
	hidden++;
	return (int)wider;
}

char globals_license[] SEC("license") = "GPL";
