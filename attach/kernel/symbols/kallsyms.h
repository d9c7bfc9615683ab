/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * kallsyms.h - the lines of /proc/kallsyms.
 */
#ifndef ATTACH_KERNEL_SYMBOLS_KALLSYMS_H
#define ATTACH_KERNEL_SYMBOLS_KALLSYMS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct kallsym {
	uint64_t address; /* 0 when kptr_restrict hides it */
	char type;
	const char *name;
	const char *module; /* NULL for the kernel proper */
};

FILE *kallsyms_open(void);

/*
 * Calls each() for every line until it returns false.  The strings are valid
 * during the call.  Code made at run time (BPF programs, ftrace's trampolines)
 * is left out.
 */
void kallsyms_scan(FILE *in,
		   bool (*each)(void *ctx, const struct kallsym *line),
		   void *ctx);

/* Text, and not the padding __pfx_NAME that 6.2 and later put before it. */
bool kallsym_is_function(const struct kallsym *line);

#endif
