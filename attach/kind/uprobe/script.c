// SPDX-License-Identifier: BSD-2-Clause
/*
 * script.c - which program runs a script, which library a linker script names.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "attach/kind/uprobe/script.h"

static const char blanks[] = " \t\r\n";

/* #! PROGRAM [ARGUMENT]; what env runs is its argument. */
static const char *interpreter(char *text)
{
	char *line = strsep(&text, "\n"), *save = NULL, *program, *word;

	program = strtok_r(line + 2, blanks, &save);
	if (!program || strlen(program) < 4 ||
	    strcmp(program + strlen(program) - 4, "/env") != 0)
		return program;
	for (word = strtok_r(NULL, blanks, &save); word;
	     word = strtok_r(NULL, blanks, &save))
		if (*word != '-' && !strchr(word, '='))
			return word;
	return program;
}

/* GROUP ( FILE ... ), INPUT(FILE ...): the first that is a shared library. */
static const char *linked_library(char *text)
{
	static const char *const commands[] = { "GROUP", "INPUT" };
	char *list = NULL, *save = NULL, *word;
	size_t i;

	for (i = 0; !list && i < COUNT(commands); i++)
		list = strstr(text, commands[i]);
	word = list ? strtok_r(list, " \t\r\n()", &save) : NULL;
	for (; word; word = strtok_r(NULL, " \t\r\n()", &save))
		if (strstr(word, ".so"))
			return word;
	return NULL;
}

bool script_explain(int fd, const char *path, struct err *e)
{
	char text[1024];
	ssize_t size = pread(fd, text, sizeof(text) - 1, 0);
	const char *leads;

	if (size <= 0)
		return false;
	text[size] = '\0';
	if (strncmp(text, "#!", 2) == 0) {
		leads = interpreter(text);
		fail(e, ENOEXEC, "'%s' is a script, not a program", path);
		if (leads)
			fail_hint(e, "probe its interpreter, '%s'", leads);
		return true;
	}
	leads = linked_library(text);
	if (!leads)
		return false;
	fail(e, ENOEXEC,
	     "'%s' is a script for the linker, not a library; it leads to '%s'",
	     path, leads);
	return true;
}
