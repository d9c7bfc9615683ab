// SPDX-License-Identifier: BSD-2-Clause
/* pin.c - making, looking at and removing pins. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

#include "attach/bpf.h"
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

static int open_name(int dir, const char *name, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_NOFOLLOW | O_CLOEXEC),
		.resolve = RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, dir, name, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int pin_look(int dir, const char *name, struct stat *st)
{
	scoped_fd int fd = open_name(dir, name, O_PATH);

	if (fd < 0)
		return fd;
	return fstat(fd, st) ? -errno : 0;
}

static bool is_of(const struct pin *pin, const struct stat *st)
{
	return st->st_dev == pin->dev && st->st_ino == pin->ino;
}

bool pin_is_at(const struct pin *pin, int dir, const char *name)
{
	struct stat st;

	return !pin_look(dir, name, &st) && is_of(pin, &st);
}

/* Removing */

int pin_name_aside(char name[PIN_ASIDE])
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -EAGAIN;
	snprintf(name, PIN_ASIDE, "probefs_%016" PRIx64, random);
	return 0;
}

/* The number of entries, if they are what we would make: 0, 1, ... */
static int count_entries(int fd, size_t *count)
{
	const struct dirent *entry;
	unsigned long number, largest = 0;
	int err = 0;
	char *end;
	DIR *dir;

	*count = 0;
	dir = fdopendir(fd);
	if (!dir) {
		err = -errno;
		fd_close(fd);
		return err;
	}
	while (!err && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		number = strtoul(entry->d_name, &end, 10);
		largest = number > largest ? number : largest;
		if (*end || !isdigit((unsigned char)entry->d_name[0]))
			err = -ENOTEMPTY;
		++*count;
	}
	closedir(dir);
	return !err && *count && largest >= *count ? -ENOTEMPTY : err;
}

static int remove_entries(int dir, const char *name)
{
	int fd = open_name(dir, name, O_RDONLY | O_DIRECTORY);
	size_t i, count;
	char entry[24];
	int err;

	if (fd < 0)
		return fd;
	scoped_fd int inner = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	err = count_entries(fd, &count);
	if (inner < 0 && !err)
		err = -EMFILE;
	for (i = 0; i < count && !err; i++) {
		snprintf(entry, sizeof(entry), "%zu", i);
		if (unlinkat(inner, entry, 0) && errno != ENOENT && !i)
			err = -errno;
	}
	return err;
}

/*
 * A directory is moved aside first: who may do that may also remove it, and so
 * its entries do not go before it is known that it can.
 */
static int remove_dir(const struct pin *pin, int dir, const char *name)
{
	char aside[PIN_ASIDE];
	int err = pin_name_aside(aside);

	if (err)
		return err;
	if (renameat2(dir, name, dir, aside, RENAME_NOREPLACE))
		return errno == ENOENT ? 0 : -errno;
	if (pin_is_at(pin, dir, aside))
		err = remove_entries(dir, aside);
	else
		err = -EEXIST;
	if (!err && unlinkat(dir, aside, AT_REMOVEDIR))
		err = -errno;
	if (err)
		renameat2(dir, aside, dir, name, RENAME_NOREPLACE);
	return err == -EEXIST ? 0 : err;
}

int pin_remove_at(const struct pin *pin, int dir, const char *name)
{
	struct stat st;

	if (pin_look(dir, name, &st) || !is_of(pin, &st))
		return 0;
	if (S_ISDIR(st.st_mode))
		return remove_dir(pin, dir, name);
	return unlinkat(dir, name, 0) && errno != ENOENT ? -errno : 0;
}

/* Making */

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

/* A directory with an entry for each link, filled by its descriptor. */
static int pin_each(const struct attachment *a, struct pin *pin)
{
	char path[PATH_BYTES];
	size_t i;
	int err;

	if (mkdirat(pin->dir, pin->name, 0700))
		return -errno;
	scoped_fd int inner =
		open_name(pin->dir, pin->name, O_PATH | O_DIRECTORY);

	err = identify(inner, pin);
	for (i = 0; i < a->nlinks && !err; i++) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d/%zu", inner, i);
		err = bpf_pin(a->links[i].fd, path);
	}
	if (err)
		pin_remove_at(pin, pin->dir, pin->name);
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
	scoped_fd int made = open_name(pin->dir, pin->name, O_PATH);

	return identify(made, pin);
}

int pin_at(const struct attachment *a, struct pin *pin, struct err *e)
{
	const char *name = pin->name;
	int err;

	if (a->way & WAY_IOCTL)
		return fail(
			e, EOPNOTSUPP,
			"an attachment by ioctl has no link to pin (links on perf events: 5.15)");
	if (!pin_in_bpffs(pin->dir))
		return fail(
			e, EPERM,
			"the directory of '%s' is not in a bpffs; one is usually mounted at /sys/fs/bpf",
			name);
	if (strlen(name) > NAME_MAX)
		return fail(e, ENAMETOOLONG, "the name is too long");
	err = a->nlinks == 1 ? pin_one(a, pin) : pin_each(a, pin);
	return err ? pin_explain(err, name, e) : 0;
}

int pin_found(int dir, const char *name, struct pin *pin)
{
	int err;

	*pin = (struct pin){ .dir = dir, .name = strdup(name) };
	scoped_fd int found = open_name(dir, name, O_PATH);

	err = pin->name ? identify(found, pin) : -ENOMEM;
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
