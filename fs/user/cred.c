// SPDX-License-Identifier: BSD-2-Clause
/* cred.c - reading /proc/TID/status. */
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

#include "array.h"
#include "fs/user/cred.h"
#include "scope.h"

enum { PROC_PATH = 40 }; /* /proc/PID/ns/user */

static void read_ids(const char *text, uint32_t ids[IDENTITY_IDS])
{
	sscanf(text, "%" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu32, &ids[0],
	       &ids[1], &ids[2], &ids[3]);
}

static void read_tgid(struct cred *identity, const char *text)
{
	identity->tgid = (pid_t)strtol(text, NULL, 10);
}

static void read_ppid(struct cred *identity, const char *text)
{
	identity->ppid = (pid_t)strtol(text, NULL, 10);
}

static void read_uids(struct cred *identity, const char *text)
{
	read_ids(text, identity->uids);
}

static void read_gids(struct cred *identity, const char *text)
{
	read_ids(text, identity->gids);
}

static void read_groups(struct cred *identity, const char *text)
{
	char *end;

	for (;; text = end) {
		unsigned long group = strtoul(text, &end, 10);

		if (end == text)
			return;
		if (identity->ngroups == IDENTITY_GROUPS)
			break;
		identity->groups[identity->ngroups++] = (gid_t)group;
	}
	identity->more_groups = true;
}

static void read_caps(struct cred *identity, const char *text)
{
	identity->caps = strtoull(text, NULL, 16);
}

static void read_permitted(struct cred *identity, const char *text)
{
	identity->permitted = strtoull(text, NULL, 16);
}

/* Lines of proc(5), /proc/PID/status. */
static const struct {
	const char *key;
	void (*read)(struct cred *identity, const char *text);
} lines[] = {
	{ "Tgid:", read_tgid },	       { "PPid:", read_ppid },
	{ "Uid:", read_uids },	       { "Gid:", read_gids },
	{ "Groups:", read_groups },    { "CapEff:", read_caps },
	{ "CapPrm:", read_permitted },
};

static void read_line(struct cred *identity, const char *line)
{
	size_t i;

	for (i = 0; i < COUNT(lines); i++) {
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

static void look_at_user_ns(struct cred *identity, pid_t tid)
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

int cred_get(pid_t tid, struct cred *identity)
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

uint64_t cred_permitted(pid_t tid)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
		.pid = tid,
	};
	struct __user_cap_data_struct data[2] = { { 0 } };
	struct cred identity = { .tgid = tid };

	look_at_user_ns(&identity, tid);
	if (!identity.in_our_user_ns || syscall(SYS_capget, &header, data))
		return 0;
	return (uint64_t)data[1].permitted << 32 | data[0].permitted;
}

bool cred_has_cap(const struct cred *identity, unsigned int cap)
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

pid_t cred_find(pid_t tid, pid_t pid)
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

pid_t cred_number(pid_t tid, pid_t pid)
{
	char ns[PROC_PATH], other[PROC_PATH], process[12];
	pid_t number;

	snprintf(ns, sizeof(ns), "/proc/%d/ns/pid", tid);
	if (same_file("/proc/self/ns/pid", ns))
		return pid;
	snprintf(other, sizeof(other), "/proc/%d/ns/pid", pid);
	if (!same_file(ns, other))
		return -ESRCH;
	snprintf(process, sizeof(process), "%d", pid);
	number = innermost_pid(process);
	return number > 0 ? number : -ESRCH;
}
