// SPDX-License-Identifier: BSD-2-Clause
/* netns.c - network namespaces, and who may change what is in them. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "fs/user/cred.h"
#include "fs/user/netns.h"
#include "scope.h"

/* kernel.overflowuid: what every id is shown as that has no name here. */
enum { NAMELESS_UID = 65534 };

/*
 * The thread that writes waits for us, so that its namespace is its own.  Of a
 * mandate only the root is kept.
 */
static int open_own(const struct caller *caller, struct err *e)
{
	char path[48];
	int fd;

	if (!caller->tid || caller->root)
		return fail(
			e, EPERM,
			"the process that writes cannot be seen from probefs' pid namespace, so its network namespace is not known");
	snprintf(path, sizeof(path), "/proc/%d/ns/net", caller->tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(
			e, errno,
			"the network namespace of the writer cannot be opened: %s",
			strerror(errno_clamp(errno)));
	return fd;
}

/* All namespaces are files of one file system, and no other file is on it. */
static bool is_netns(int fd)
{
	struct stat st, own;

	return !fstat(fd, &st) && !stat("/proc/self/ns/net", &own) &&
	       st.st_dev == own.st_dev &&
	       ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNET;
}

static bool same(int one, int other)
{
	struct stat a, b;

	return !fstat(one, &a) && !fstat(other, &b) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static bool is_of(int user_ns, const struct cred *cred)
{
	struct stat st;

	return !fstat(user_ns, &st) && st.st_dev == cred->user_ns_dev &&
	       st.st_ino == cred->user_ns;
}

static bool has_made(int user_ns, const struct cred *cred)
{
	uid_t owner;

	return !ioctl(user_ns, NS_GET_OWNER_UID, &owner) &&
	       owner != NAMELESS_UID && owner == cred->uids[1];
}

/*
 * As cap_capable() of security/commoncap.c: a capability counts in the user
 * namespace that it is of and in those below, and the maker of a user
 * namespace, seen from where it was made, has all of them in it.  Takes user_ns
 * over.
 */
static bool is_capable(int user_ns, const struct cred *cred, unsigned int cap)
{
	bool made;
	int parent;

	while (user_ns >= 0 && !is_of(user_ns, cred)) {
		made = has_made(user_ns, cred);
		parent = ioctl(user_ns, NS_GET_PARENT);
		close(user_ns);
		user_ns = parent;
		if (made && user_ns >= 0 && is_of(user_ns, cred)) {
			close(user_ns);
			return true;
		}
	}
	if (user_ns < 0)
		return false;
	close(user_ns);
	return cred->caps >> cap & 1;
}

static int check_rights(const struct caller *caller, int netns,
			const char *path, struct err *e)
{
	struct cred cred;
	int err = caller_identify(caller, &cred, e);

	if (err)
		return err;
	if (is_capable(ioctl(netns, NS_GET_USERNS), &cred, CAP_NET_ADMIN))
		return 0;
	return fail(
		e, EPERM,
		"'%s' is not your network namespace, and you have no CAP_NET_ADMIN in the user namespace that owns it",
		path);
}

static int open_named(const struct caller *caller, const char *path,
		      struct err *e)
{
	scoped_fd int fd = caller_open(caller, path, O_RDONLY, e);
	int err = 0;

	if (fd < 0)
		return fd;
	if (!is_netns(fd))
		return fail(
			e, EINVAL,
			"'%s' is no network namespace; write a path such as /run/netns/NAME or /proc/PID/ns/net",
			path);
	scoped_fd int own = open_own(caller, e);

	if (own < 0)
		return own;
	if (!same(fd, own))
		err = check_rights(caller, fd, path, e);
	return err ? err : take_fd(&fd);
}

int caller_netns(const struct caller *caller, const char *path, struct err *e)
{
	return path ? open_named(caller, path, e) : open_own(caller, e);
}
