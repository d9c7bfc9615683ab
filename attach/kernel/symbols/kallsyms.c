// SPDX-License-Identifier: BSD-2-Clause
/* kallsyms.c - reading /proc/kallsyms line by line. */
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/symbols/kallsyms.h"

enum {
	/* KSYM_NAME_LEN is 512 since 6.1; an address and a module beside it. */
	LINE = 1024,
	READ_BUFFER = 1 << 16,
};

/* ADDRESS TYPE NAME[\t[MODULE]] */
static bool line_split(char *text, struct kallsym *line)
{
	char *end, *tab;

	line->address = strtoull(text, &end, 16);
	if (end[0] != ' ' || !end[1] || end[2] != ' ')
		return false;
	line->type = end[1];
	line->name = end + 3;
	line->module = NULL;
	tab = strpbrk(end + 3, "\t\n");
	if (!tab)
		return false;
	if (*tab == '\t' && tab[1] == '[') {
		line->module = tab + 2;
		tab[2 + strcspn(tab + 2, "]\n")] = '\0';
	}
	*tab = '\0';
	return true;
}

/* Code made at run time: BPF programs, and "__builtin__ftrace" and its like. */
static bool is_generated(const char *module)
{
	return module &&
	       (!strcmp(module, "bpf") ||
		!strncmp(module, "__builtin__", sizeof("__builtin__") - 1));
}

void kallsyms_scan(FILE *in,
		   bool (*each)(void *ctx, const struct kallsym *line),
		   void *ctx)
{
	char text[LINE];
	struct kallsym line;

	while (fgets_unlocked(text, sizeof(text), in))
		if (line_split(text, &line) && !is_generated(line.module) &&
		    !each(ctx, &line))
			return;
}

FILE *kallsyms_open(void)
{
	FILE *in = fopen("/proc/kallsyms", "re");

	if (in)
		setvbuf(in, NULL, _IOFBF, READ_BUFFER);
	return in;
}

static bool is_text(char type)
{
	return type == 't' || type == 'T' || type == 'w' || type == 'W';
}

bool kallsym_is_function(const struct kallsym *line)
{
	return is_text(line->type) &&
	       strncmp(line->name, "__pfx_", sizeof("__pfx_") - 1);
}
