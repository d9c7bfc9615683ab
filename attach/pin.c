// SPDX-License-Identifier: BSD-2-Clause
/* pin.c - making, moving, opening and removing pins. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "attach/bpf.h"
#include "attach/pin.h"
#include "scope.h"

enum { PATH_BYTES = 320 }; /* "/proc/self/fd/N/", a name and a number */

/* While the new pin waits for the old one's name; bpffs takes no dots. */
static const char waiting[] = "probefs_new";

static int explain(int err, const char *name, struct err *e)
{
	switch (-err) {
	case EEXIST:
		return fail(
			e, EEXIST,
			"'%s' exists already; remove it, or write another path",
			name);
	case EPERM:
		if (strchr(name, '.'))
			return fail(e, EPERM,
				    "bpffs takes no '.' in a name: '%s'", name);
		return fail(
			e, EPERM,
			"the directory of '%s' is not in a bpffs, or may not be written",
			name);
	case EACCES:
		return fail(
			e, EACCES,
			"you may not make '%s': permissions of its directory",
			name);
	case EROFS:
		return fail(e, EROFS, "the bpffs of '%s' is read-only", name);
	default:
		return fail(e, -err, "cannot pin at '%s': %s", name,
			    strerror(errno_clamp(-err)));
	}
}

static bool in_bpffs(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && (uint32_t)fs.f_type == BPF_FS_MAGIC;
}

static int remove_name(int dir, const char *name)
{
	scoped_fd int inner = openat(
		dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	char entry[16];
	int i;

	if (inner < 0)
		return unlinkat(dir, name, 0) ? -errno : 0;
	for (i = 0;; i++) {
		snprintf(entry, sizeof(entry), "%d", i);
		if (unlinkat(inner, entry, 0))
			break;
	}
	return unlinkat(dir, name, AT_REMOVEDIR) ? -errno : 0;
}

static int pin_each(const struct attachment *a, int dir, const char *name)
{
	char path[PATH_BYTES];
	size_t i;
	int err = 0;

	if (mkdirat(dir, name, 0700))
		return -errno;
	for (i = 0; i < a->nlinks && !err; i++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d/%s/%zu", dir,
			 name, i);
		err = bpf_pin(a->links[i].fd, path);
	}
	if (err)
		remove_name(dir, name);
	return err;
}

static int pin_at(const struct attachment *a, int dir, const char *name,
		  struct err *e)
{
	char path[PATH_BYTES];
	int err;

	if (a->way & WAY_IOCTL)
		return fail(
			e, EOPNOTSUPP,
			"an attachment by ioctl has no link to pin (links on perf events: 5.15)");
	if (!in_bpffs(dir))
		return fail(
			e, EPERM,
			"the directory of '%s' is not in a bpffs; one is usually mounted at /sys/fs/bpf",
			name);
	if (strlen(name) > NAME_MAX)
		return fail(e, ENAMETOOLONG, "the name is too long");
	if (a->nlinks == 1) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir, name);
		err = bpf_pin(a->links[0].fd, path);
	} else {
		err = pin_each(a, dir, name);
	}
	return err ? explain(err, name, e) : 0;
}

int pin_found(int dir, const char *name, struct pin *pin)
{
	struct stat st;

	*pin = (struct pin){ .dir = dir, .name = strdup(name) };
	if (!pin->name || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW)) {
		pin_forget(pin);
		return -ENOENT;
	}
	pin->dev = st.st_dev;
	pin->ino = st.st_ino;
	return 0;
}

int pin_make(const struct attachment *a, int dir, const char *name,
	     struct pin *pin, struct err *e)
{
	int err = pin_at(a, dir, name, e);

	if (err) {
		fd_close(dir);
		return err;
	}
	if (pin_found(dir, name, pin))
		return fail(e, ENOENT, "the pin '%s' vanished", name);
	return 0;
}

/* Kernels whose bpffs cannot exchange two names get the old one out first. */
static int take_place(int dir, const char *from, const char *to)
{
	if (!renameat2(dir, from, dir, to, RENAME_EXCHANGE)) {
		remove_name(dir, from);
		return 0;
	}
	remove_name(dir, to);
	return renameat(dir, from, dir, to) ? -errno : 0;
}

int pin_replace(const struct attachment *a, struct pin *pin, struct err *e)
{
	char name[sizeof(waiting) + 16];
	struct pin placed;
	int err;

	snprintf(name, sizeof(name), "%s_%x", waiting, (unsigned int)pin->ino);
	err = pin_at(a, pin->dir, name, e);
	if (err)
		return err;
	err = take_place(pin->dir, name, pin->name);
	if (err) {
		remove_name(pin->dir, name);
		return explain(err, pin->name, e);
	}
	err = pin_found(pin->dir, pin->name, &placed);
	free(pin->name);
	*pin = placed;
	return err ? fail(e, ENOENT, "the pin vanished") : 0;
}

bool pin_alive(const struct pin *pin)
{
	struct stat st;

	return pin->name &&
	       !fstatat(pin->dir, pin->name, &st, AT_SYMLINK_NOFOLLOW) &&
	       st.st_dev == pin->dev && st.st_ino == pin->ino;
}

int pin_remove(struct pin *pin, struct err *e)
{
	int err = pin_alive(pin) ? remove_name(pin->dir, pin->name) : 0;

	if (err)
		return fail(e, -err, "you may not remove the pin '%s': %s",
			    pin->name, strerror(errno_clamp(-err)));
	pin_forget(pin);
	return 0;
}

void pin_forget(struct pin *pin)
{
	fd_close(pin->dir);
	free(pin->name);
	*pin = PIN_NONE;
}

static int open_one(int place, struct err *e)
{
	char path[PATH_BYTES];
	int fd;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
	/* A program that may only be read will do; links open only for both. */
	fd = bpf_get(path, true);
	if (fd == -EINVAL || fd == -EPERM)
		fd = bpf_get(path, false);
	if (fd == -EACCES)
		return fail(
			e, EACCES,
			"you may not use the pinned object: a program needs read permission, a link read and write");
	if (fd < 0)
		return fail(e, -fd, "cannot open the pinned object: %s",
			    strerror(errno_clamp(-fd)));
	return fd;
}

static int open_numbered(int place, int **fds, size_t *nfds, struct err *e)
{
	char entry[16];
	int fd, *more;

	for (;;) {
		snprintf(entry, sizeof(entry), "%zu", *nfds);
		scoped_fd int inner =
			openat(place, entry, O_PATH | O_CLOEXEC | O_NOFOLLOW);

		if (inner < 0)
			break;
		more = reallocarray(*fds, *nfds + 1, sizeof(**fds));
		if (!more)
			return fail(e, ENOMEM, "no memory");
		*fds = more;
		fd = open_one(inner, e);
		if (fd < 0)
			return fd;
		(*fds)[(*nfds)++] = fd;
		if (bpf_object_of(fd) != BPF_OBJECT_LINK)
			return fail(
				e, EINVAL,
				"'%s' in the directory is not a link, but a %s",
				entry, bpf_object_name(bpf_object_of(fd)));
	}
	return *nfds ? 0
		     : fail(e, EISDIR,
			    "a directory, with no links pinned in it as 0, 1, ...");
}

int pin_open(int place, int **fds, size_t *nfds, struct err *e)
{
	struct stat st;
	int err = 0;

	*fds = NULL;
	*nfds = 0;
	if (fstat(place, &st))
		return fail(e, errno, "cannot look at the pin");
	if (!in_bpffs(place))
		return fail(
			e, EINVAL,
			"not in a bpffs, so it is no pinned object; pin the program with 'bpftool prog pin' or 'bpftool prog load'");
	if (S_ISDIR(st.st_mode)) {
		err = open_numbered(place, fds, nfds, e);
	} else {
		*fds = malloc(sizeof(**fds));
		if (!*fds)
			return fail(e, ENOMEM, "no memory");
		(*fds)[0] = open_one(place, e);
		if ((*fds)[0] < 0)
			err = (*fds)[0];
		else
			*nfds = 1;
	}
	if (!err)
		return 0;
	while (*nfds)
		fd_close((*fds)[--*nfds]);
	free(*fds);
	*fds = NULL;
	return err;
}
