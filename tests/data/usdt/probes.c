// SPDX-License-Identifier: BSD-2-Clause
/*
 * probes.c - a file with three static probes, for the seeds in file/.
 *
 * tests/data/usdt/make-files builds it in several shapes; the notes are spelled
 * out here, so that no package is needed.
 */
unsigned short demo_semaphore
	__attribute__((section(".probes"), visibility("hidden")));
int demo_counter __attribute__((visibility("hidden"))) = 1;

/* clang-format off */
#if __SIZEOF_POINTER__ == 8
#define WORD ".8byte "
#else
#define WORD ".4byte "
#endif

#define PROBE(name, semaphore, args)                                       \
	__asm__ volatile(                                                  \
		"990: nop\n"                                               \
		".pushsection .note.stapsdt,\"\",\"note\"\n"               \
		".balign 4\n"                                              \
		".4byte 992f-991f, 994f-993f, 3\n"                         \
		"991: .asciz \"stapsdt\"\n"                                \
		"992: .balign 4\n"                                         \
		"993: " WORD "990b\n" WORD "_.stapsdt.base\n"              \
		WORD semaphore "\n"                                        \
		".asciz \"demo\"\n.asciz \"" name "\"\n.asciz \"" args "\"\n" \
		"994: .balign 4\n"                                         \
		".popsection\n"                                            \
		".ifndef _.stapsdt.base\n"                                 \
		".pushsection .stapsdt.base,\"aG\",\"progbits\","          \
		".stapsdt.base,comdat\n"                                   \
		".weak _.stapsdt.base\n.hidden _.stapsdt.base\n"           \
		"_.stapsdt.base: .space 1\n"                               \
		".size _.stapsdt.base, 1\n"                                \
		".popsection\n"                                            \
		".endif\n")
/* clang-format on */

void _start(void);
void _start(void)
{
	PROBE("plain", "0", "");
	PROBE("counted", "demo_semaphore", "8@%rdi -4@-20(%rbp) 1@%ah");
	PROBE("global", "0", "-4@demo_counter(%rip) 8@(%rax,%rbx,8) 8@%xmm0");
	for (;;)
		;
}
