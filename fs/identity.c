// SPDX-License-Identifier: BSD-2-Clause
/* identity.c - reading /proc/TID/status. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
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

static void read_ppid(struct identity *identity, const char *text)
{
	identity->ppid = (pid_t)strtol(text, NULL, 10);
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

static void read_permitted(struct identity *identity, const char *text)
{
	identity->permitted = strtoull(text, NULL, 16);
}

/* Lines of proc(5), /proc/PID/status. */
static const struct {
	const char *key;
	void (*read)(struct identity *identity, const char *text);
} lines[] = {
	{ "Tgid:", read_tgid },	       { "PPid:", read_ppid },
	{ "Uid:", read_uids },	       { "Gid:", read_gids },
	{ "Groups:", read_groups },    { "CapEff:", read_caps },
	{ "CapPrm:", read_permitted },
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

static void look_at_user_ns(struct identity *identity, pid_t tid)
{
	char path[PROC_PATH];
	struct stat own, st;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", tid);
	if (stat("/proc/self/ns/user", &own) || stat(path, &st))
		return;
	identity->user_ns = st.st_ino;
	identity->user_ns_dev = st.st_dev;
	identity->in_our_user_ns =
		st.st_ino == own.st_ino && st.st_dev == own.st_dev;
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
	look_at_user_ns(identity, tid);
	return 0;
}

bool identity_has_cap(const struct identity *identity, unsigned int cap)
{
	return identity->in_our_user_ns && identity->caps >> cap & 1;
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

/* Raw calls from here on: those of libc would change every thread. */

/* What lets root pass over the modes and owners of files. */
static const uint64_t file_caps = UINT64_C(1) << CAP_DAC_OVERRIDE |
				  UINT64_C(1) << CAP_DAC_READ_SEARCH |
				  UINT64_C(1) << CAP_FOWNER |
				  UINT64_C(1) << CAP_CHOWN;

static _Thread_local bool limited;

/* All that the daemon has, but for those. */
static void use_caps_without(uint64_t left_out)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];
	size_t i;

	syscall(SYS_capget, &header, data);
	for (i = 0; i < 2; i++)
		data[i].effective =
			data[i].permitted & ~(uint32_t)(left_out >> 32 * i);
	syscall(SYS_capset, &header, data);
	limited = left_out;
}

/*
 * A user id other than 0 has the kernel put those capabilities aside by itself
 * (capabilities(7), "Effect of user ID changes on capabilities").
 */
void identity_assume(uid_t uid, gid_t gid, const struct identity *identity)
{
	uint64_t caps = identity->in_our_user_ns ? identity->caps : 0;

	syscall(SYS_setgroups, identity->ngroups, identity->groups);
	syscall(SYS_setfsgid, gid);
	syscall(SYS_setfsuid, uid);
	if (!uid && file_caps & ~caps)
		use_caps_without(file_caps & ~caps);
}

void identity_resume(void)
{
	syscall(SYS_setgroups, 0, NULL);
	syscall(SYS_setfsgid, 0);
	syscall(SYS_setfsuid, 0);
	if (limited)
		use_caps_without(0);
}
