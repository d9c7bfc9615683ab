// SPDX-License-Identifier: BSD-2-Clause
/*
 * pin_mode.c - a new pin gets the mode and the owner of the one that it
 * replaces.
 *
 * Root changes the owner of a file in a directory where a user may have put
 * another in its place.  So it is done by descriptor, to what holds our link
 * and bears no other name.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/link/link_info.h"
#include "attach/pin_private.h"
#include "scope.h"

enum { FD_PATH = 32, MODE_BITS = 07777 };

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_uid == b->st_uid && a->st_gid == b->st_gid &&
	       !((a->st_mode ^ b->st_mode) & MODE_BITS);
}

/* The descriptor is of what that link alone is pinned as. */
static bool holds_link(int fd, const struct stat *st, int link_fd)
{
	char path[FD_PATH];
	uint32_t ours, its;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	scoped_fd int link = bpf_get(path, false);

	return st->st_nlink == 1 && link >= 0 && !link_id(link, &its) &&
	       !link_id(link_fd, &ours) && its == ours;
}

/* fd: O_PATH. */
static int set(int fd, const struct stat *now, const struct stat *like)
{
	char path[FD_PATH];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if ((now->st_uid != like->st_uid || now->st_gid != like->st_gid) &&
	    fchownat(fd, "", like->st_uid, like->st_gid, AT_EMPTY_PATH))
		return -errno;
	return chmod(path, like->st_mode & MODE_BITS) ? -errno : 0;
}

/* link_fd: of the link that is there, or -1 for a directory. */
static int set_alike(int fd, int link_fd, const struct stat *like)
{
	struct stat now;

	if (fd < 0)
		return fd;
	if (fstat(fd, &now))
		return -errno;
	if (same(&now, like))
		return 0;
	if (link_fd >= 0 && !holds_link(fd, &now, link_fd))
		return -EEXIST;
	return set(fd, &now, like);
}

/* What entry i of the old pin was like; the first stands for those it lacks. */
static int old_entry(int old, size_t i, struct stat *st)
{
	char entry[24];

	snprintf(entry, sizeof(entry), "%zu", i);
	return pin_look(old, entry, st) ? pin_look(old, "0", st) : 0;
}

static int set_entries(const struct attachment *a, int old, int new,
		       struct stat *st)
{
	bool was_dir = S_ISDIR(st->st_mode);
	char entry[24];
	size_t i;
	int err = 0;

	for (i = 0; i < a->nlinks && !err; i++) {
		snprintf(entry, sizeof(entry), "%zu", i);
		scoped_fd int fd = pin_open_name(new, entry, O_PATH);

		if (!was_dir || !old_entry(old, i, st))
			err = set_alike(fd, a->links[i].fd, st);
	}
	return err;
}

/* A user that may read the links may also enter their directory. */
static int set_directory(int new, const struct stat *was)
{
	struct stat like = *was;

	if (!S_ISDIR(was->st_mode))
		like.st_mode |= (was->st_mode & 0444) >> 2;
	return set_alike(new, -1, &like);
}

static int set_all(const struct attachment *a, int old, int new,
		   const struct stat *was)
{
	struct stat entry = *was;
	int err;

	if (a->nlinks != 1) {
		err = set_entries(a, old, new, &entry);
		return err ? err : set_directory(new, was);
	}
	if (S_ISDIR(was->st_mode) && pin_look(old, "0", &entry))
		return 0;
	return set_alike(new, a->links[0].fd, &entry);
}

int pin_keep_mode(const struct attachment *a, const struct pin *old,
		  const struct pin *new, struct err *e)
{
	scoped_fd int was = old->name
				    ? pin_open_name(old->dir, old->name, O_PATH)
				    : -ENOENT;
	scoped_fd int is = pin_open_name(new->dir, new->name, O_PATH);
	struct stat st = { 0 };
	int err = was < 0 ? was : 0;

	if (!err && fstat(was, &st))
		err = -errno;
	/* It went by itself: there is nothing to keep. */
	if (pin_is_absent(err) || (!err && !pin_is_of(old, &st)))
		return 0;
	if (!err)
		err = set_all(a, was, is, &st);
	if (err == -EPERM)
		return fail(
			e, EPERM,
			"the pin '%s' is of user %u and group %u, and you may not give them the new one",
			old->name, st.st_uid, st.st_gid);
	if (err)
		return fail(e, -err,
			    "cannot give the new pin the mode of '%s': %s",
			    old->name, strerror(errno_clamp(-err)));
	return 0;
}

void pin_take_looks(const struct pin *pin, struct pin_looks *looks)
{
	scoped_fd int is =
		pin->name ? pin_open_name(pin->dir, pin->name, O_PATH) : -1;

	looks->taken = is >= 0 && !fstat(is, &looks->pin) &&
		       pin_is_of(pin, &looks->pin);
	looks->entry = looks->pin;
	if (looks->taken && S_ISDIR(looks->pin.st_mode))
		looks->taken = !pin_look(is, "0", &looks->entry);
}

/* What it cannot be given it has from its maker, and others may do less. */
void pin_give_looks(const struct attachment *a, const struct pin *pin,
		    const struct pin_looks *looks)
{
	scoped_fd int is = pin_open_name(pin->dir, pin->name, O_PATH);
	struct stat entry = looks->entry;

	if (!looks->taken)
		return;
	if (a->nlinks == 1)
		set_alike(is, a->links[0].fd, &entry);
	else if (!set_entries(a, -1, is, &entry))
		set_directory(is, &looks->pin);
}
