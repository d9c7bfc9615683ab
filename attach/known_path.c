// SPDX-License-Identifier: BSD-2-Clause
/*
 * known_path.c - the path by which the kernel, and all that ask it, may know a
 * probed file.
 *
 * A descriptor of ours says nothing to anybody else.  But between our look at a
 * path and the kernel's, a user who may write one of its directories can put
 * another file there and take it back after, and no look before or after tells.
 * So the path is one that only root can change, without symlinks, within the
 * file system of "/": others can be a server's, that answers as it likes.
 */
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/known_path.h"
#include "scope.h"

static int open_component(int dir, const char *name)
{
	struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS,
	};

	return (int)syscall(SYS_openat2, dir, name, &how, sizeof(how));
}

static bool only_root_writes(int dir)
{
	struct stat st;

	return !fstat(dir, &st) && S_ISDIR(st.st_mode) && !st.st_uid &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

/* path is cut at its slashes. */
static bool leads_to(char *path, const struct file_mark *mark)
{
	char *rest = path + 1, *name;
	int dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), next;
	struct stat st;
	bool found;

	while (dir >= 0 && (name = strsep(&rest, "/"))) {
		next = only_root_writes(dir) ? open_component(dir, name) : -1;
		fd_close(dir);
		dir = next;
	}
	found = dir >= 0 && !fstat(dir, &st) && st.st_dev == mark->dev &&
		st.st_ino == mark->ino;
	fd_close(dir);
	return found;
}

char *known_path(int fd, const struct file_mark *mark)
{
	char link[32], path[PATH_MAX];
	scoped_free char *copy = NULL;
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path));
	if (length <= 1 || length == sizeof(path) || path[0] != '/')
		return NULL;
	copy = strndup(path, (size_t)length);
	path[length] = '\0';
	return copy && leads_to(path, mark) ? take(copy) : NULL;
}

bool known_path_holds(const char *path, const struct file_mark *mark)
{
	struct stat st;

	return !lstat(path, &st) && st.st_dev == mark->dev &&
	       st.st_ino == mark->ino;
}
