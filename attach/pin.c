// SPDX-License-Identifier: BSD-2-Clause
/* pin.c - making, copying and forgetting pins. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/pin_private.h"
#include "scope.h"

enum { PATH_BYTES = 320 }; /* "/proc/self/fd/N/" and a name */

int pin_explain(int err, const char *name, struct err *e)
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
	case ENAMETOOLONG:
		return fail(e, ENAMETOOLONG, "the name is too long");
	case EROFS:
		return fail(e, EROFS, "the bpffs of '%s' is read-only", name);
	default:
		return fail(e, -err, "cannot pin at '%s': %s", name,
			    strerror(errno_clamp(-err)));
	}
}

bool pin_in_bpffs(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && (uint32_t)fs.f_type == BPF_FS_MAGIC;
}

static int identify(int fd, struct pin *pin)
{
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st))
		return -errno;
	pin->dev = st.st_dev;
	pin->ino = st.st_ino;
	return 0;
}

/*
 * Needs no descriptor, which may be what there is none of.  What somebody else
 * has put there stays, as it is no empty directory.
 */
static void unpin_each(const struct pin *pin, int inner, size_t count)
{
	char entry[24];

	while (count--) {
		snprintf(entry, sizeof(entry), "%zu", count);
		unlinkat(inner, entry, 0);
	}
	unlinkat(pin->dir, pin->name, AT_REMOVEDIR);
}

/* A directory that somebody has put there would not be empty. */
static int look_into(int inner, struct pin *pin)
{
	ssize_t count;
	int err = identify(inner, pin);

	if (err)
		return err;
	count = pin_count_entries(inner);
	return count > 0 ? -EEXIST : (int)count;
}

/* A directory with an entry for each link, filled by its descriptor. */
static int pin_each(const struct attachment *a, struct pin *pin)
{
	char path[PATH_BYTES];
	size_t count = 0;
	int err;

	if (mkdirat(pin->dir, pin->name, 0700))
		return -errno;
	scoped_fd int inner =
		pin_open_name(pin->dir, pin->name, O_PATH | O_DIRECTORY);

	err = look_into(inner, pin);
	while (!err && count < a->nlinks) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d/%zu", inner,
			 count);
		err = bpf_pin(a->links[count].fd, path);
		count += !err;
	}
	if (err)
		unpin_each(pin, inner, count);
	return err;
}

static int pin_one(const struct attachment *a, struct pin *pin)
{
	char path[PATH_BYTES];
	int err;

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", pin->dir,
		 pin->name);
	err = bpf_pin(a->links[0].fd, path);
	if (err)
		return err;
	scoped_fd int made = pin_open_name(pin->dir, pin->name, O_PATH);

	err = identify(made, pin);
	/* Without its inode nobody could remove it later. */
	if (err)
		unlinkat(pin->dir, pin->name, 0);
	return err;
}

int pin_at(const struct attachment *a, struct pin *pin, struct err *e)
{
	const char *name = pin->name;
	int err;

	if (a->way & WAY_IOCTL)
		return fail(
			e, EOPNOTSUPP,
			"there is no link to pin, as the program is attached by ioctl: %s",
			feature_has(FEATURE_PERF_LINK)
				? "the attach_mode of this mount makes no links"
				: "this kernel has no links on events, which came with Linux 5.15");
	if (!pin_in_bpffs(pin->dir))
		return fail(
			e, EPERM,
			"the directory of '%s' is not in a bpffs; one is usually mounted at /sys/fs/bpf",
			name);
	if (strlen(name) > NAME_MAX)
		return pin_explain(-ENAMETOOLONG, name, e);
	err = a->nlinks == 1 ? pin_one(a, pin) : pin_each(a, pin);
	return err ? pin_explain(err, name, e) : 0;
}

int pin_found(int place, int dir, char *name, struct pin *pin)
{
	int err;

	*pin = (struct pin){ .dir = dir, .name = name };
	err = identify(place, pin);
	if (err)
		pin_forget(pin);
	return err;
}

int pin_make(const struct attachment *a, int dir, const char *name,
	     struct pin *pin, struct err *e)
{
	int err;

	*pin = (struct pin){ .dir = dir, .name = strdup(name) };
	err = pin->name ? pin_at(a, pin, e) : fail(e, ENOMEM, "no memory");
	if (err)
		pin_forget(pin);
	return err;
}

bool pin_alive(const struct pin *pin)
{
	return pin->name && pin_is_at(pin, pin->dir, pin->name);
}

int pin_remove(const struct pin *pin, struct err *e)
{
	int err = pin->name ? pin_remove_at(pin, pin->dir, pin->name) : 0;

	if (err)
		return fail(e, -err, "you may not remove the pin '%s': %s",
			    pin->name, strerror(errno_clamp(-err)));
	return 0;
}

void pin_forget(struct pin *pin)
{
	fd_close(pin->dir);
	free(pin->name);
	*pin = PIN_NONE;
}

int pin_copy(const struct pin *pin, struct pin *copy)
{
	int err;

	*copy = PIN_NONE;
	if (!pin->name)
		return 0;
	*copy = *pin;
	copy->dir = fcntl(pin->dir, F_DUPFD_CLOEXEC, 0);
	err = copy->dir < 0 ? -errno : 0;
	copy->name = strdup(pin->name);
	if (!err && copy->name)
		return 0;
	pin_forget(copy);
	return err ? err : -ENOMEM;
}
