// SPDX-License-Identifier: BSD-2-Clause
/* pin_name.c - what a name in a bpffs is, and removing it. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/pin_private.h"
#include "scope.h"

int pin_open_name(int dir, const char *name, int flags)
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
	scoped_fd int fd = pin_open_name(dir, name, O_PATH);

	if (fd < 0)
		return fd;
	return fstat(fd, st) ? -errno : 0;
}

bool pin_is_of(const struct pin *pin, const struct stat *st)
{
	return st->st_dev == pin->dev && st->st_ino == pin->ino;
}

bool pin_is_absent(int err)
{
	return err == -ENOENT || err == -EXDEV;
}

bool pin_is_at(const struct pin *pin, int dir, const char *name)
{
	struct stat st;

	return !pin_look(dir, name, &st) && pin_is_of(pin, &st);
}

int pin_name_aside(char name[PIN_ASIDE])
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -EAGAIN;
	snprintf(name, PIN_ASIDE, "probefs_%016" PRIx64, random);
	return 0;
}

ssize_t pin_count_entries(int place)
{
	int fd = pin_open_name(place, ".", O_RDONLY | O_DIRECTORY);
	unsigned long number, largest = 0;
	const struct dirent *entry;
	ssize_t count = 0;
	int err = 0;
	char *end;
	DIR *dir;

	if (fd < 0)
		return fd;
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
		count++;
	}
	closedir(dir);
	if (!err && count && largest >= (unsigned long)count)
		err = -ENOTEMPTY;
	return err ? err : count;
}

static int remove_entries(int dir, const char *name)
{
	scoped_fd int inner = pin_open_name(dir, name, O_PATH | O_DIRECTORY);
	ssize_t i, count = inner < 0 ? inner : pin_count_entries(inner);
	char entry[24];

	for (i = 0; i < count; i++) {
		snprintf(entry, sizeof(entry), "%zd", i);
		/* A user that may remove one may remove them all. */
		if (unlinkat(inner, entry, 0) && errno != ENOENT && !i)
			return -errno;
	}
	return count < 0 ? (int)count : 0;
}

/*
 * A directory is moved aside first: a user that can do that may also remove it,
 * and so its entries do not go before it is known that it can.
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
	int err = pin_look(dir, name, &st);

	if (err)
		return pin_is_absent(err) ? 0 : err;
	if (!pin_is_of(pin, &st))
		return 0;
	if (S_ISDIR(st.st_mode))
		return remove_dir(pin, dir, name);
	return unlinkat(dir, name, 0) && errno != ENOENT ? -errno : 0;
}
