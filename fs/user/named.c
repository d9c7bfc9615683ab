// SPDX-License-Identifier: BSD-2-Clause
/* named.c - opening the last name of a path in its directory. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "attach/pin.h"
#include "fs/user/named.h"
#include "fs/user/walk.h"
#include "scope.h"

enum { LINKS = 40 }; /* MAXSYMLINKS of include/linux/namei.h */

static bool ends_in_name(const char *path)
{
	const char *last = strrchr(path, '/');

	return last && last[1] && strcmp(last, "/.") != 0 &&
	       strcmp(last, "/..") != 0;
}

/* A bpffs answers at once, so no other thread need open what is in it. */
static int open_in_bpffs(const struct caller *caller, int dir, const char *name)
{
	int fd;

	if (!pin_in_bpffs(dir) || caller_enter(caller, NULL))
		return -1;
	fd = pin_open_name(dir, name, O_PATH);
	caller_leave();
	return fd;
}

/*
 * The sentence is of the whole path, which is followed for it; but a path that
 * does not answer is not waited for again.
 */
static int refuse(const struct caller *caller, const char *path, struct err *e)
{
	struct err why;

	if (e->code == ETIMEDOUT)
		return walk_late(path, e);
	if (e->code == EAGAIN)
		return -e->code;
	scoped_fd int fd = caller_open(caller, path, O_PATH, &why);

	if (fd < 0)
		*e = why;
	return -e->code;
}

static int open_once(const struct caller *caller, const char *path,
		     struct named *out, struct err *e)
{
	const char *name;

	*out = (struct named){ .fd = -1, .dir = -1 };
	if (!ends_in_name(path)) {
		out->fd = caller_open(caller, path, O_PATH, e);
		return out->fd < 0 ? out->fd : 0;
	}
	out->dir = caller_open_parent(caller, path, &name, e);
	if (out->dir < 0)
		return refuse(caller, path, e);
	out->name = strdup(name);
	if (!out->name)
		return fail(e, ENOMEM, "no memory");
	out->fd = open_in_bpffs(caller, out->dir, name);
	if (out->fd < 0)
		out->fd = caller_open_at(caller, out->dir, name,
					 O_PATH | O_NOFOLLOW, e);
	return out->fd < 0 ? refuse(caller, path, e) : 0;
}

/* A link of /proc leads to a file, if the caller may follow it, to no path. */
static int take_verdict(struct named *named, int verdict)
{
	named_close(named);
	named->fd = verdict;
	return 0;
}

/* The path that a symlink stands for; NULL when it is none. */
static int follow(const struct caller *caller, const char *path,
		  struct named *named, char **next, struct err *e)
{
	size_t above = (size_t)(strrchr(path, '/') + 1 - path);
	char target[PATH_MAX];
	struct statfs fs;
	struct stat st;
	ssize_t length;

	*next = NULL;
	if (fstat(named->fd, &st))
		return fail(e, errno, "cannot look at '%s'", path);
	if (!S_ISLNK(st.st_mode))
		return 0;
	scoped_fd int verdict = caller_open(caller, path, O_PATH, e);

	if (verdict < 0)
		return verdict;
	if (fstatfs(named->fd, &fs) || fs.f_type == PROC_SUPER_MAGIC)
		return take_verdict(named, take_fd(&verdict));
	length = readlinkat(named->fd, "", target, sizeof(target));
	if (length <= 0 || length == sizeof(target))
		return fail(e, ENAMETOOLONG, "the path is too long");
	if (asprintf(next, "%.*s%.*s", target[0] == '/' ? 0 : (int)above, path,
		     (int)length, target) >= 0)
		return 0;
	*next = NULL;
	return fail(e, ENOMEM, "no memory");
}

int named_open(const struct caller *caller, const char *path, struct named *out,
	       struct err *e)
{
	scoped_free char *now = strdup(path);
	char *next;
	int i, err = now ? 0 : fail(e, ENOMEM, "no memory");

	*out = (struct named){ .fd = -1, .dir = -1 };
	for (i = 0; i < LINKS && !err; i++) {
		err = open_once(caller, now, out, e);
		if (!err)
			err = follow(caller, now, out, &next, e);
		if (!err && !next)
			return 0;
		named_close(out);
		if (!err) {
			free(now);
			now = next;
		}
	}
	return err ? err : fail(e, ELOOP, "'%s' is a link in a circle", path);
}

void named_close(struct named *named)
{
	fd_close(named->fd);
	fd_close(named->dir);
	free(named->name);
	*named = (struct named){ .fd = -1, .dir = -1 };
}
