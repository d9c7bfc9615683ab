// SPDX-License-Identifier: BSD-2-Clause
/* cgroup_path.c - asking cgroup2 which cgroup has an id. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "attach/kernel/link/cgroup_path.h"
#include "attach/kernel/sysfile.h"
#include "scope.h"

/* include/linux/exportfs.h; its 64 bits are the id of a cgroup since 5.5. */
enum { FILEID_KERNFS = 0xfe };

/* Where it was the last time, so that not each link reads mountinfo; a leaf. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last[PATH_MAX];

/* open_by_handle_at(2) takes no O_PATH. */
static int open_cgroup2(const char *path)
{
	scoped_fd int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs) || fs.f_type != CGROUP2_SUPER_MAGIC)
		return -1;
	return take_fd(&fd);
}

/*
 * Fields 4 and 5 of a line of proc(5), /proc/PID/mountinfo: what of the file
 * system is mounted, which has to be all of it, and where.
 */
static const char *cgroup2_mount(char *line)
{
	const char *root = NULL;
	char *rest = line, *where = NULL;
	int i;

	if (!strstr(line, " - cgroup2 "))
		return NULL;
	for (i = 0; i < 5; i++) {
		root = where;
		where = strsep(&rest, " ");
	}
	if (!rest || !where || !root || strcmp(root, "/"))
		return NULL;
	sysfile_unmangle(where);
	return strlen(where) < sizeof(last) ? where : NULL;
}

static int find_mount(void)
{
	scoped_file FILE *mounts = fopen("/proc/self/mountinfo", "re");
	scoped_free char *line = NULL;
	const char *where;
	size_t size = 0;
	int fd = -1;

	while (mounts && fd < 0 && getline(&line, &size, mounts) > 0) {
		where = cgroup2_mount(line);
		if (where)
			fd = open_cgroup2(where);
		if (fd >= 0)
			strcpy(last, where);
	}
	return fd;
}

static int open_mount(char where[PATH_MAX])
{
	int fd;

	pthread_mutex_lock(&lock);
	fd = last[0] ? open_cgroup2(last) : -1;
	if (fd < 0)
		fd = find_mount();
	strcpy(where, last);
	pthread_mutex_unlock(&lock);
	return fd;
}

int cgroup_open(int mount, uint64_t id)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(id)];
	} file = { 0 };
	int fd;

	file.handle.handle_bytes = sizeof(id);
	file.handle.handle_type = FILEID_KERNFS;
	memcpy(file.handle.f_handle, &id, sizeof(id));
	fd = open_by_handle_at(mount, &file.handle,
			       O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

char *cgroup_path(uint64_t id)
{
	char where[PATH_MAX], text[PATH_MAX];
	char name[sizeof("/proc/self/fd/-2147483648")];
	scoped_fd int mount = open_mount(where);
	scoped_fd int fd = mount < 0 ? -1 : cgroup_open(mount, id);
	size_t skip = strcmp(where, "/") ? strlen(where) : 0;
	ssize_t length;

	if (fd < 0)
		return NULL;
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	length = readlink(name, text, sizeof(text) - 1);
	if (length < (ssize_t)skip || length == sizeof(text) - 1)
		return NULL;
	text[length] = '\0';
	if (strncmp(text, where, skip) || (text[skip] && text[skip] != '/'))
		return NULL;
	return strdup(text[skip] && text[skip + 1] ? text + skip + 1 : ".");
}
