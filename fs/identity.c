// SPDX-License-Identifier: BSD-2-Clause
/* identity.c - reading /proc/TID/status. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "fs/identity.h"
#include "scope.h"

enum { PROC_PATH = 40 }; /* /proc/PID/ns/user */

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

static bool same_file(const char *one, const char *other)
{
	struct stat a, b;

	return !stat(one, &a) && !stat(other, &b) && a.st_ino == b.st_ino &&
	       a.st_dev == b.st_dev;
}

static bool same_user_ns(pid_t tid)
{
	char path[PROC_PATH];

	snprintf(path, sizeof(path), "/proc/%d/ns/user", tid);
	return same_file("/proc/self/ns/user", path);
}

int identity_get(pid_t tid, struct identity *identity)
{
	scoped_free char *line = NULL;
	size_t size = 0;
	char path[PROC_PATH];
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

/* Its pid in its own, innermost namespace: the last of the line NSpid. */
static pid_t innermost_pid(const char *process)
{
	scoped_free char *line = NULL;
	size_t size = 0;
	char path[PROC_PATH];
	pid_t pid = 0;

	snprintf(path, sizeof(path), "/proc/%.20s/status", process);
	scoped_file FILE *file = fopen(path, "re");

	while (file && !pid && getline(&line, &size, file) > 0)
		if (!strncmp(line, "NSpid:", 6))
			pid = (pid_t)strtol(strrchr(line, '\t'), NULL, 10);
	return pid;
}

pid_t identity_find(pid_t tid, pid_t pid)
{
	char ns[PROC_PATH], other[PROC_PATH];
	const struct dirent *entry;
	pid_t found = -ESRCH;
	DIR *proc;

	snprintf(ns, sizeof(ns), "/proc/%d/ns/pid", tid);
	if (same_file("/proc/self/ns/pid", ns))
		return pid;
	proc = opendir("/proc");
	while (proc && found < 0 && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(other, sizeof(other), "/proc/%.20s/ns/pid",
			 entry->d_name);
		if (same_file(ns, other) && innermost_pid(entry->d_name) == pid)
			found = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	if (proc)
		closedir(proc);
	return found;
}

/* Raw calls: those of libc would change every thread of the process. */
void identity_assume(uid_t uid, gid_t gid, const gid_t *groups, size_t ngroups)
{
	syscall(SYS_setgroups, ngroups, groups);
	syscall(SYS_setfsgid, gid);
	syscall(SYS_setfsuid, uid);
}
