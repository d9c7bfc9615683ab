// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt_corners.c - static probes as no usual header writes them: notes padded
 * to eight bytes, semaphores in .bss, a name with what dtrace makes of a dash,
 * and places that are no nops.
 *
 *	usdt_corners      fires each probe once, those with a semaphore if it is
 *	                  not 0
 *	usdt_corners -i   a line "fire" or "semaphores" does that and answers
 */
#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)
/* clang-format off */
/* .stapsdt.base has the address 0 here, as it is not loaded. */
#define NOTE(provider, name, semaphore, args)                             \
	NOTE_AT("990b", provider, name, semaphore, args)
#define NOTE_AT(place, provider, name, semaphore, args)                   \
	".pushsection .stapsdt.base,\"\",\"progbits\"\n"                  \
	".byte 0\n"                                                       \
	".popsection\n"                                                   \
	".pushsection .note.stapsdt,\"\",\"note\"\n"                      \
	".balign 8\n"                                                     \
	".4byte 992f-991f, 994f-993f, 3\n"                                \
	"991: .asciz \"stapsdt\"\n"                                       \
	"992: .balign 8\n"                                                \
	"993: .8byte " place ", 0x1234, " semaphore "\n"                       \
	".asciz \"" provider "\"\n"                                       \
	".asciz \"" name "\"\n"                                           \
	".asciz \"" args "\"\n"                                           \
	"994: .balign 8\n"                                                \
	".popsection\n"
#define PROBE(provider, name, semaphore, args)                            \
	__asm__ volatile("990: nop\n" NOTE(provider, name, semaphore, args))

/*
 * Notes of a file that was changed after: one is in the middle of a constant.
 */
#define MOVED()                                                           \
	__asm__ volatile("990: movabs $0x1122334455667788, %%rax\n"       \
			 NOTE("moved", "start", "0", "")                  \
			 NOTE_AT("990b+4", "moved", "inside", "0", "")    \
			 : : : "rax")

/* The first is in the page of the file that .data ends in. */
__asm__(".pushsection .bss\n"
	".balign 2\n"
	".globl usdt_near, usdt_far\n"
	".hidden usdt_near, usdt_far\n"
	"usdt_near: .zero 2\n"
	".zero 16384\n"
	"usdt_far: .zero 2\n"
	".popsection\n");
/* clang-format on */
#else
#define PROBE(provider, name, semaphore, args)
#define MOVED()
unsigned short usdt_near, usdt_far;
#endif

extern volatile unsigned short usdt_near __attribute__((visibility("hidden")));
extern volatile unsigned short usdt_far __attribute__((visibility("hidden")));

static void fire(void)
{
	PROBE("pad", "one", "0", "8@$1 -4@$-2");
	PROBE("pad", "two", "0", "1@ $3 2 @$4");
	PROBE("mysql", "query__start", "0", "");
	MOVED();
	if (usdt_near)
		PROBE("bss", "near", "usdt_near", "");
	if (usdt_far)
		PROBE("bss", "far", "usdt_far", "");
}

int main(int argc, char **argv)
{
	char line[64];

	(void)argv;
	if (argc == 1)
		fire();
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (argc > 1 && scanf("%63s", line) == 1) {
		if (strcmp(line, "fire") != 0) {
			printf("%u %u\n", usdt_near, usdt_far);
			continue;
		}
		fire();
		puts("ok");
	}
	return 0;
}
