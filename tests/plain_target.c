// SPDX-License-Identifier: BSD-2-Clause
/*
 * plain_target.c - a program with the symbols of C++ and Rust.
 *
 *	plain_target	calls each function; how often is a power of two of its own
 *
 * So the hits of any set of them tell which were in it.
 */

/* The compiler must neither know what they do nor spare a call. */
#define PROBED(name, symbol)                                              \
	__attribute__((noinline, noclone)) int name(int) __asm__(symbol); \
	int name(int x)                                                   \
	{                                                                 \
		__asm__ volatile("" : "+r"(x));                           \
		return x + 1;                                             \
	}

PROBED(bar_int, "_ZN3foo3barEi")
PROBED(bar_text, "_ZN3foo3barEPKc")
PROBED(bar_long, "_ZN3foo3barIlEEvT_")
PROBED(plus, "_ZN3fooplERKS_")
PROBED(baz, "_ZN3foo3bazEv")
PROBED(work_one, "_ZN4demo4work17h0123456789abcdefE")
PROBED(work_two, "_ZN4demo4work17hfedcba9876543210E")
PROBED(task, "_RNvCs1234_4demo4task")
PROBED(baz_part, "_ZN3foo3bazEv.part.0")

static int (*const functions[])(int) = {
	bar_int,  bar_text, bar_long, plus,	baz,
	work_one, work_two, task,     baz_part,
};

int main(void)
{
	unsigned int i, times;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		for (times = 1U << i; times; times--)
			functions[i](0);
	return 0;
}
