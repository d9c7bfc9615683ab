// SPDX-License-Identifier: BSD-2-Clause
/* tracefs_name.c - making and reading the names of events. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/sysfile.h"
#include "attach/kernel/tracefs_name.h"

#define PREFIX "probefs_"

enum {
	KEY = 16, /* hexadecimal digits of a group's owner, of a number */
	LABEL = TRACEFS_NAME - KEY - sizeof("_"),
};

static const char hex[] = "0123456789abcdef";

bool tracefs_name_ok(const char *name)
{
	size_t length = strspn(
		name,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	return length && !name[length] && length < TRACEFS_NAME;
}

void tracefs_group_make(uint32_t pid, uint32_t start, char *group)
{
	snprintf(group, TRACEFS_NAME, PREFIX "%08x%08x", pid, start);
}

/* Exactly 16 lower-case digits: sscanf() alone would take signs and blanks. */
static bool key_parse(const char *text, uint32_t *high, uint32_t *low)
{
	return strspn(text, hex) == KEY && !text[KEY] &&
	       sscanf(text, "%8" SCNx32 "%8" SCNx32, high, low) == 2;
}

bool tracefs_group_parse(const char *group, uint32_t *pid, uint32_t *start)
{
	size_t prefix = sizeof(PREFIX) - 1;

	return !strncmp(group, PREFIX, prefix) &&
	       key_parse(group + prefix, pid, start);
}

/* The kernel wants a letter or '_' first, and refuses '-' and '.'. */
static void label_clean(const char *label, char *clean)
{
	size_t used = 0;

	if (!isalpha((unsigned char)*label))
		clean[used++] = '_';
	for (; *label && used < LABEL; label++)
		if (isalnum((unsigned char)*label))
			clean[used++] = *label;
		else if (!used || clean[used - 1] != '_')
			clean[used++] = '_';
	clean[used] = '\0';
}

void tracefs_event_make(const char *label, uint64_t number, char *event)
{
	char clean[LABEL + 1];

	label_clean(label, clean);
	snprintf(event, TRACEFS_NAME, "%s_%016" PRIx64, clean, number);
}

bool tracefs_event_parse(const char *event, uint64_t *number)
{
	const char *last = strrchr(event, '_');
	uint32_t high, low;

	if (!last || !key_parse(last + 1, &high, &low))
		return false;
	*number = (uint64_t)high << 32 | low;
	return true;
}

bool tracefs_line_parse(const char *line, char *group, char *event)
{
	const char *colon = strchr(line, ':');

	return colon &&
	       sscanf(colon, ":%63[^/ \n]/%63[^ \n]", group, event) == 2;
}

/* The name of the process, field 2, may hold anything, ')' and blanks too. */
int process_start(pid_t pid, uint32_t *start)
{
	char path[64], text[1024], *at;
	int err;
	int field;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	err = sysfile_read(path, text, sizeof(text));
	if (err)
		return err == -ESRCH ? -ENOENT : err;
	at = strrchr(text, ')');
	for (field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return -EIO;
	*start = (uint32_t)strtoull(at, NULL, 10);
	return 0;
}

/* In doubt (a hidden /proc) it lives. */
bool tracefs_group_dead(const char *group)
{
	uint32_t pid, start, now;
	int err;

	if (!tracefs_group_parse(group, &pid, &start))
		return false;
	err = process_start((pid_t)pid, &now);
	return err == -ENOENT || (!err && now != start);
}
