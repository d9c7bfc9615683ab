// SPDX-License-Identifier: BSD-2-Clause
/* proc_path.c - telling paths of processes apart. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "fs/user/proc_path.h"

static const char digits[] = "0123456789";
static const char range[] = "0123456789abcdef-";

/* What may follow /proc/PID/. */
static const struct form {
	const char *name;
	const char *rest; /* characters that follow to the end; NULL: none */
	bool below; /* or a path does */
} forms[] = {
	{ "root", NULL, true },	   { "exe", NULL, false },
	{ "fd/", digits, false },  { "map_files/", range, false },
	{ "ns/net", NULL, false }, { "mountinfo", NULL, false },
};

static const char own_fds[] = "/dev/fd/";

static const char *const own[] = { "/proc/self/", "/proc/thread-self/" };

static const char *after(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) ? NULL : text + length;
}

static bool fits(const struct form *form, const char *end)
{
	if (form->rest)
		return *end && !end[strspn(end, form->rest)];
	return !*end || (form->below && *end == '/');
}

static bool parse_rest(const char *rest, struct proc_path *out)
{
	const char *end;
	size_t i, length;

	for (i = 0; i < COUNT(forms); i++) {
		end = after(rest, forms[i].name);
		if (!end || !fits(&forms[i], end))
			continue;
		length = forms[i].rest ? strlen(rest) : (size_t)(end - rest);
		if (length >= sizeof(out->rest))
			return false;
		memcpy(out->rest, rest, length);
		out->rest[length] = '\0';
		out->below = forms[i].below && *end ? end : NULL;
		return true;
	}
	return false;
}

/* What follows /proc/PID/, or NULL: no name there begins with a zero. */
static const char *parse_pid(const char *path, pid_t *pid)
{
	const char *text = after(path, "/proc/"), *rest;
	size_t i, length;

	*pid = 0;
	for (i = 0; i < COUNT(own); i++) {
		rest = after(path, own[i]);
		if (rest)
			return rest;
	}
	length = text ? strspn(text, digits) : 0;
	if (!length || length > 9 || text[0] == '0' || text[length] != '/')
		return NULL;
	*pid = (pid_t)strtol(text, NULL, 10);
	return text + length + 1;
}

bool proc_path_parse(const char *path, struct proc_path *out)
{
	const char *rest = after(path, own_fds);

	*out = (struct proc_path){ .pid = 0 };
	if (rest)
		return parse_rest(rest - strlen("fd/"), out);
	rest = parse_pid(path, &out->pid);
	return rest && parse_rest(rest, out);
}
