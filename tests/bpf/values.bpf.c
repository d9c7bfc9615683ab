// SPDX-License-Identifier: BSD-2-Clause
/* values.bpf.c - a variable of each sort of type, for unit/value and data.bats. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum color { RED, GREEN = 5, BLUE = 6 };

struct point {
	int x, y;
};

typedef struct point place_t;

struct bits {
	unsigned int a : 3, b : 13;
	int c : 5;
	unsigned long long d : 43;
	enum color e : 3;
	_Bool f : 1;
};

struct nested {
	char name[8];
	struct {
		__u16 port;
		union {
			__u32 v4;
			__u8 bytes[4];
		};
	};
	struct point points[2];
	const void *next;
	struct {
		__u8 inner;
	} named;
};

struct flexible {
	__u32 count;
	__u32 more[];
};

int number = -7;
unsigned int unsigned_number = 4294967295u;
signed char tiny = -128;
unsigned char byte = 200;
short half = -32768;
unsigned long long wide = 18446744073709551615ull;
long long low = -9223372036854775807ll - 1;
unsigned __int128 huge = ((unsigned __int128)1 << 127) + 1;
__int128 negative = -(((__int128)1 << 100) + 1);
_Bool yes = 1;
char letter = 'q';
char quote = '\'';
char control = 7;
float third = 1.0f / 3;
double tenth = 0.1;
enum color color = BLUE;
enum color other = (enum color)9;
void *pointer = (void *)0;
char name[16] = "eth0";
char odd[16] = "a\"b\\\n\1"
	       "2\377";
char full[4] = { 'f', 'u', 'l', 'l' };
char words[2][4] = { "ab", "cd" };
int numbers[3] = { 1, -2, 3 };
int grid[2][3] = { { 1, 2, 3 }, { 4, 5, 6 } };
int many[40] = { [20] = 1 };
place_t place = { 3, -4 };
struct bits bits = { 5, 4097, -3, 0x5aaaaaaaaabull, GREEN, 1 };
struct nested nested = {
	.name = "lo",
	.port = 80,
	.v4 = 0x01020304,
	.points = { { 1, 2 }, { 3, 4 } },
	.next = (void *)0,
	.named = { 9 },
};
struct flexible flexible = { .count = 2 };
union {
	__u64 whole;
	__u16 parts[4];
} either = { .whole = 0x0001000200030004ull };
int (*function)(void *) = (void *)0;
const volatile int limit = 100;
volatile const char *const strings[2] = { 0 };

SEC("socket")
int values_count(void *ctx)
{
	(void)ctx;
	number += limit;
	return number;
}

char _license[] SEC("license") = "GPL";
