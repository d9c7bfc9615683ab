// SPDX-License-Identifier: BSD-2-Clause
/* identity.c - reading /proc/TID/status. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fs/identity.h"
#include "scope.h"

static void read_three(const char *text, uint32_t ids[3])
{
	sscanf(text, "%" SCNu32 " %" SCNu32 " %" SCNu32, &ids[0], &ids[1],
	       &ids[2]);
}

static void read_tgid(struct identity *identity, const char *text)
{
	identity->tgid = (pid_t)strtol(text, NULL, 10);
}

static void read_uids(struct identity *identity, const char *text)
{
	read_three(text, identity->uids);
}

static void read_gids(struct identity *identity, const char *text)
{
	read_three(text, identity->gids);
}

static void read_groups(struct identity *identity, const char *text)
{
	char *end;

	while (identity->ngroups < IDENTITY_GROUPS) {
		unsigned long group = strtoul(text, &end, 10);

		if (end == text)
			return;
		identity->groups[identity->ngroups++] = (gid_t)group;
		text = end;
	}
}

static void read_caps(struct identity *identity, const char *text)
{
	identity->caps = strtoull(text, NULL, 16);
}

/* Lines of proc(5), /proc/PID/status. */
static const struct {
	const char *key;
	void (*read)(struct identity *identity, const char *text);
} lines[] = {
	{ "Tgid:", read_tgid },	  { "Uid:", read_uids },
	{ "Gid:", read_gids },	  { "Groups:", read_groups },
	{ "CapEff:", read_caps },
};

static void read_line(struct identity *identity, const char *line)
{
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		size_t len = strlen(lines[i].key);

		if (!strncmp(line, lines[i].key, len))
			lines[i].read(identity, line + len);
	}
}

static bool same_user_ns(pid_t tid)
{
	struct stat ours, theirs;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/ns/user", tid);
	return !stat("/proc/self/ns/user", &ours) && !stat(path, &theirs) &&
	       ours.st_ino == theirs.st_ino && ours.st_dev == theirs.st_dev;
}

int identity_get(pid_t tid, struct identity *identity)
{
	scoped_free char *line = NULL;
	size_t size = 0;
	char path[32];
	struct stat st;

	memset(identity, 0, sizeof(*identity));
	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	scoped_file FILE *file = fopen(path, "re");

	if (!file)
		return -ESRCH;
	while (getline(&line, &size, file) > 0)
		read_line(identity, line);
	if (!identity->tgid || fstat(fileno(file), &st))
		return -ESRCH;
	identity->dumpable = st.st_uid == identity->uids[1];
	identity->in_our_user_ns = same_user_ns(tid);
	return 0;
}
