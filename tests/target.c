// SPDX-License-Identifier: BSD-2-Clause
/*
 * target.c - a program to be probed, that is hit exactly as often as it is
 * told.
 *
 *	target FUNCTION COUNT    calls and exits
 *	target -i                reads such lines, answers each with "ok"
 *	target -p                prints places of its file: counter, code, data
 *
 * COUNT may be "forever".
 */
#include <link.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The compiler must neither know what they do nor spare a call. */
#define PROBED(name)                                      \
	__attribute__((noinline, noclone)) int name(int); \
	int name(int x)                                   \
	{                                                 \
		__asm__ volatile("" : "+r"(x));           \
		return x + 1;                             \
	}

PROBED(target_one)
PROBED(target_two)
PROBED(target_glob_a)
PROBED(target_glob_b)
PROBED(target_glob_c)

/* A semaphore such as those of SystemTap, which the kernel raises. */
volatile unsigned short target_counter __attribute__((section(".probes"))) = 0;
const char target_constant[] = "data that nobody may break";

/*
 * Instructions of known lengths.  target_steps: +0 push, +1 mov, +4 jmp, +9
 * pop, +10 ret; a breakpoint at +5 makes the jump land in what kills the
 * process. target_locked begins with what the kernel cannot probe.
 * target_bare, of three bytes, and target_beside say no size, as hand-written
 * code often does.
 */
#ifdef __x86_64__
int target_steps(int x);
int target_locked(int x);
int target_bare(int x);
__asm__(".text\n"
	".globl target_steps\n"
	".type target_steps, @function\n"
	"target_steps:\n"
	"	push %rbp\n"
	"	mov %rsp, %rbp\n"
	"	.byte 0xe9, 0, 0, 0, 0\n"
	"	pop %rbp\n"
	"	ret\n"
	".size target_steps, . - target_steps\n"
	"	.skip 256, 0xf4\n"
	".globl target_locked\n"
	".type target_locked, @function\n"
	"target_locked:\n"
	"	lock addl $0, (%rsp)\n"
	"	ret\n"
	".size target_locked, . - target_locked\n"
	".globl target_bare\n"
	"target_bare:\n"
	"	nop\n"
	"	nop\n"
	"	ret\n"
	".globl target_beside\n"
	"target_beside:\n"
	"	nop\n"
	"	ret\n");
#endif

static int target_indirect_one(int x)
{
	return x + 1;
}

static int (*choose(void))(int)
{
	return target_indirect_one;
}

int target_indirect(int x) __attribute__((ifunc("choose")));

/* A function of libc that has two versions, regexec@@GLIBC_2.3.4. */
static int match(int x)
{
	regex_t regex;

	if (!regcomp(&regex, "a", REG_NOSUB)) {
		regexec(&regex, "a", 0, NULL, 0);
		regfree(&regex);
	}
	return x;
}

static const struct function {
	const char *name;
	int (*call)(int);
} functions[] = {
	{ "target_one", target_one },
	{ "target_two", target_two },
	{ "target_glob_a", target_glob_a },
	{ "target_glob_b", target_glob_b },
	{ "target_glob_c", target_glob_c },
	{ "target_indirect", target_indirect },
#ifdef __x86_64__
	{ "target_steps", target_steps },
	{ "target_locked", target_locked },
	{ "target_bare", target_bare },
#endif
	{ "regexec", match },
};

static int (*function_find(const char *name))(int)
{
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (!strcmp(functions[i].name, name))
			return functions[i].call;
	fprintf(stderr, "target: no function '%s'\n", name);
	exit(2);
}

static void call(const char *name, const char *text)
{
	int (*function)(int) = function_find(name);
	bool forever = !strcmp(text, "forever");
	long count = atol(text);

	while (forever || count-- > 0)
		function(1);
}

static int converse(void)
{
	char name[64], count[64];

	setvbuf(stdout, NULL, _IOLBF, 0);
	while (scanf("%63s %63s", name, count) == 2) {
		if (!strcmp(name, "counter"))
			printf("%u\n", (unsigned int)target_counter);
		else
			call(name, count);
		puts("ok");
	}
	return 0;
}

struct place {
	uintptr_t address;
	uintptr_t offset; /* of the file */
};

static int find_place(struct dl_phdr_info *info, size_t size, void *data)
{
	struct place *place = data;
	uintptr_t address = place->address - info->dlpi_addr;
	size_t i;

	(void)size;
	for (i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_LOAD && address >= p->p_vaddr &&
		    address - p->p_vaddr < p->p_filesz)
			place->offset = address - p->p_vaddr + p->p_offset;
	}
	return 1; /* the program itself comes first */
}

static int show_places(void)
{
	const struct {
		const char *name;
		uintptr_t address;
	} places[] = {
		{ "counter", (uintptr_t)&target_counter },
		{ "code", (uintptr_t)target_one },
		{ "data", (uintptr_t)target_constant },
	};
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct place place = { .address = places[i].address };

		dl_iterate_phdr(find_place, &place);
		printf("%s 0x%jx\n", places[i].name, (uintmax_t)place.offset);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "-i"))
		return converse();
	if (argc == 2 && !strcmp(argv[1], "-p"))
		return show_places();
	if (argc != 3) {
		fputs("usage: target FUNCTION COUNT | -i | -p\n", stderr);
		return 2;
	}
	call(argv[1], argv[2]);
	return 0;
}
