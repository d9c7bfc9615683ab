// SPDX-License-Identifier: BSD-2-Clause
/* systemd.c - the systemd unit that the daemon lives in. */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "array.h"
#include "fs/daemon/systemd.h"
#include "scope.h"

/*
 * A line is ID:CONTROLLERS:PATH, see cgroups(7).  systemd's own hierarchy is
 * that of the controller name=systemd, and on pure cgroup v2 the one with the
 * id 0; where both are there, the first is in use.
 */
static const char *systemd_path(const char *cgroup, size_t *length)
{
	static const char *const keys[] = { ":name=systemd:", "0::" };
	const char *found = NULL;
	size_t i;

	for (i = 0; !found && i < COUNT(keys); i++) {
		found = strstr(cgroup, keys[i]);
		if (found)
			found += strlen(keys[i]);
	}
	*length = found ? strcspn(found, "\n") : 0;
	return found;
}

static bool ends_with(const char *word, size_t length, const char *end)
{
	size_t tail = strlen(end);

	return length >= tail && !strncmp(word + length - tail, end, tail);
}

bool systemd_is_ours(const char *cgroup)
{
	size_t left, length;
	const char *word = systemd_path(cgroup, &left);
	const char *end = word + left;

	/* Nobody stops the root, nor can tell where we are. */
	if (left <= 1)
		return true;
	for (; word < end; word += length + 1) {
		length = strcspn(word, "/\n");
		if (ends_with(word, length, ".mount"))
			return true;
		if (ends_with(word, length, ".scope") &&
		    !strncmp(word, "probefs-", strlen("probefs-")))
			return true;
	}
	return false;
}

static bool is_under_systemd(void)
{
	/* The first is sd_booted(3); systemd-run(1) talks to the second. */
	return !access("/run/systemd/system", F_OK) &&
	       !access("/run/systemd/private", F_OK);
}

static bool is_at_home(void)
{
	scoped_file FILE *file = fopen("/proc/self/cgroup", "re");
	char text[8192];
	size_t length;

	if (!file)
		return true;
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	return systemd_is_ours(text);
}

/*
 * umount.target ends the scope as it ends mounts.  Without
 * DefaultDependencies=no the daemon would be killed at shutdown before those
 * who use the mount.
 */
static void scope_exec(char *self, char *unit, char **argv)
{
	/* Not const, since execvp(3) does not take const words. */
	static char words[][48] = {
		"systemd-run",
		"--scope",
		"--quiet",
		"--collect",
		"--property=DefaultDependencies=no",
		"--property=Before=umount.target",
		"--property=Conflicts=umount.target",
		"--",
	};
	size_t i, count = COUNT(words), given = 0;
	scoped_free char **line = NULL;

	while (argv[given])
		given++;
	line = calloc(count + given + 3, sizeof(*line));
	if (!line || !given)
		return;
	for (i = 0; i < count - 1; i++)
		line[i] = words[i];
	line[i++] = unit;
	line[i++] = words[count - 1];
	line[i++] = self;
	memcpy(line + i, argv + 1, given * sizeof(*line));
	execvp(line[0], line);
}

void systemd_leave(char **argv)
{
	char self[PATH_MAX], unit[64];
	struct timespec now;
	ssize_t length;

	if (!is_under_systemd() || is_at_home())
		return;
	length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length < 0)
		return;
	self[length] = '\0';
	/* The time: a scope outlives the process that it is named after. */
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(unit, sizeof(unit), "--unit=probefs-%d-%lld.scope", getpid(),
		 (long long)now.tv_sec);
	scope_exec(self, unit, argv);
}
