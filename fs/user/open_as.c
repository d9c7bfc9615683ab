// SPDX-License-Identifier: BSD-2-Clause
/* open_as.c - a thread becomes the user, then opens the path. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "fs/user/assume.h"
#include "fs/user/open_as.h"
#include "fs/user/walk.h"
#include "scope.h"

enum { TRIES = 32 };

/* A path below a directory; or no more than the file of a descriptor. */
struct opening {
	struct walk walk;
	gid_t gid;
	int flags;
	int root, place; /* either is -1; owned */
	size_t skip; /* of path: it is not looked up below root */
	struct cred identity;
	char path[];
};

/*
 * EAGAIN: a rename or a mount anywhere, while a '..' was followed
 * (openat2(2), RESOLVE_IN_ROOT).
 */
static int open_beneath(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int tries = 0;
	long fd;

	do
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN && ++tries < TRIES);
	return fd < 0 ? -errno : (int)fd;
}

/* linux/openat2.h of 5.12; older kernels say EINVAL. */
#ifndef RESOLVE_CACHED
#define RESOLVE_CACHED 0x20
#endif

int open_cached(const struct credentials *as, int root, const char *path,
		int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_PATH | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_CACHED,
	};
	int err = assume(as->uid, as->gid, as->identity, 0, NULL);
	long fd;

	if (err)
		return err;
	fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	err = fd < 0 ? -errno : (int)fd;
	if (assume_end())
		abort();
	return err == -EINVAL ? -EAGAIN : err;
}

static int explain(int err, const char *path, struct err *e)
{
	switch (-err) {
	case ELOOP: /* RESOLVE_NO_MAGICLINKS */
	case EXDEV:
		return fail(
			e, EXDEV,
			"'%s' leads through a link of /proc, or through links in a circle; write the path itself, or /proc/PID/root/PATH, /proc/PID/exe, /proc/PID/fd/N, /proc/PID/map_files/RANGE or /proc/PID/ns/net",
			path);
	case ENOENT:
		return fail(e, ENOENT, "no such file: '%s'", path);
	case EACCES:
		return fail(
			e, EACCES,
			"you may not open '%s': its permissions, or those of a directory above it",
			path);
	case ENAMETOOLONG:
		return fail(e, ENAMETOOLONG, "the path is too long");
	default:
		return fail(e, -err, "cannot open '%s': %s", path,
			    strerror(errno_clamp(-err)));
	}
}

/* A second open, of the file that was looked at and of no other. */
static int reopen(int fd, int flags)
{
	char path[32];
	int opened;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opened = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return opened < 0 ? -errno : opened;
}

static int look(int seen, const struct opening *o, struct err *e)
{
	struct stat st;

	if (fstat(seen, &st))
		return explain(-errno, o->path, e);
	if (o->flags & O_DIRECTORY && !S_ISDIR(st.st_mode))
		return explain(-ENOTDIR, o->path, e);
	if (o->flags & O_PATH)
		return 0;
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return fail(e, EINVAL, "'%s' is not a regular file", o->path);
	/*
	 * To close a file that is being written waits, on 5.10, for the write:
	 * fs/fuse/file.c, fuse_flush() takes the inode's lock.
	 */
	if (walk_is_own(&st))
		return fail(e, EINVAL, "'%s' is a file of this file system",
			    o->path);
	return 0;
}

static int find(const struct opening *o)
{
	int fd;

	if (o->place < 0)
		return open_beneath(
			o->root, o->path + o->skip,
			O_PATH | (o->flags & (O_DIRECTORY | O_NOFOLLOW)));
	fd = fcntl(o->place, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

static int open_file(const struct opening *o, struct err *e)
{
	scoped_fd int seen = find(o);
	int fd;

	if (seen < 0)
		return explain(seen, o->path, e);
	fd = look(seen, o, e);
	if (fd || o->flags & O_PATH)
		return fd ? fd : take_fd(&seen);
	fd = reopen(seen, o->flags);
	return fd < 0 ? explain(fd, o->path, e) : fd;
}

static int opening_open(const struct walk *walk, struct err *e)
{
	const struct opening *o = (const struct opening *)walk;
	int err = assume(walk->uid, o->gid, &o->identity, 0, e);
	int fd;

	if (err)
		return err;
	fd = open_file(o, e);
	if (!assume_end())
		return fd;
	walk_is_last();
	return fd;
}

static void opening_free(struct walk *walk)
{
	struct opening *o = (struct opening *)walk;

	fd_close(o->root);
	fd_close(o->place);
	free(o);
}

static int run(const struct credentials *as, const struct opening *how,
	       const char *path, struct err *e)
{
	size_t size = strlen(path) + 1;
	struct opening *o = calloc(1, sizeof(*o) + size);

	if (!o) {
		fd_close(how->root);
		fd_close(how->place);
		return fail(e, ENOMEM, "no memory");
	}
	*o = *how;
	o->walk = (struct walk){ .uid = as->uid,
				 .what = o->path,
				 .open = opening_open,
				 .free = opening_free };
	o->gid = as->gid;
	o->identity = *as->identity;
	memcpy(o->path, path, size);
	return walk_open(&o->walk, e);
}

int open_below(const struct credentials *as, int root, const char *path,
	       size_t skip, int flags, struct err *e)
{
	struct opening how = {
		.root = root, .place = -1, .skip = skip, .flags = flags
	};

	return run(as, &how, path, e);
}

int open_again(const struct credentials *as, int place, const char *what,
	       int flags, struct err *e)
{
	struct opening how = { .root = -1, .place = place, .flags = flags };

	return run(as, &how, what, e);
}
