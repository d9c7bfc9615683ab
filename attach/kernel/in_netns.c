// SPDX-License-Identifier: BSD-2-Clause
/*
 * in_netns.c - a thread that goes to another network namespace and ends there;
 * and how such a namespace is found again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "attach/kernel/in_netns.h"
#include "scope.h"

struct visit {
	int netns;
	int (*call)(void *arg);
	void *arg;
	int result;
};

static void *visit(void *arg)
{
	struct visit *v = arg;

	v->result = setns(v->netns, CLONE_NEWNET) ? -errno : v->call(v->arg);
	return NULL;
}

int in_netns(int netns, int (*call)(void *arg), void *arg)
{
	struct visit v = { .netns = netns, .call = call, .arg = arg };
	pthread_t thread;
	int err;

	if (netns < 0)
		return call(arg);
	err = pthread_create(&thread, NULL, visit, &v);
	if (err)
		return -err;
	pthread_join(thread, NULL);
	return v.result;
}

#define OWN "/proc/thread-self/ns/net"

enum { PROC_PATH = 48 };

bool netns_is_own(int netns)
{
	struct stat st, own;

	return !fstat(netns, &st) && !stat(OWN, &own) &&
	       st.st_dev == own.st_dev && st.st_ino == own.st_ino;
}

uint64_t netns_inode(int netns)
{
	struct stat st;

	return fstat(netns, &st) ? 0 : st.st_ino;
}

/* What the path is of may have changed since it was looked at. */
static int open_inode(const char *path, uint64_t inode)
{
	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && netns_inode(fd) == inode ? take_fd(&fd) : -ENOENT;
}

/* As the links of /proc/PID/ns name it, and the mounts of it. */
static void print_name(uint64_t inode, char name[PROC_PATH])
{
	snprintf(name, PROC_PATH, "net:[%" PRIu64 "]", inode);
}

static int find_process(uint64_t inode)
{
	char path[PROC_PATH], name[PROC_PATH], text[PROC_PATH];
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int fd = -ENOENT;
	ssize_t length;

	print_name(inode, name);
	while (proc && fd < 0 && (entry = readdir(proc))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/ns/net",
			 entry->d_name);
		length = readlink(path, text, sizeof(text) - 1);
		text[length > 0 ? length : 0] = '\0';
		if (!strcmp(text, name))
			fd = open_inode(path, inode);
	}
	if (proc)
		closedir(proc);
	return fd;
}

/* Fields 4 and 5 of proc(5), /proc/PID/mountinfo: what is mounted, and where. */
static int find_mount(uint64_t inode)
{
	scoped_file FILE *mounts = fopen("/proc/self/mountinfo", "re");
	scoped_free char *line = NULL;
	char name[PROC_PATH], *what, *where;
	size_t size = 0;
	int fd = -ENOENT;

	print_name(inode, name);
	while (mounts && fd < 0 && getline(&line, &size, mounts) > 0) {
		what = strstr(line, name);
		if (!what || what == line || what[-1] != ' ')
			continue;
		where = what + strlen(name);
		if (*where++ != ' ')
			continue;
		where[strcspn(where, " ")] = '\0';
		fd = open_inode(where, inode);
	}
	return fd;
}

int netns_find(uint64_t inode)
{
	int fd = open_inode(OWN, inode);

	if (fd < 0)
		fd = find_process(inode);
	return fd < 0 ? find_mount(inode) : fd;
}
