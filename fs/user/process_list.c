// SPDX-License-Identifier: BSD-2-Clause
/* process_list.c - the processes of /proc, for one user. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "fs/user/assume.h"
#include "fs/user/process_list.h"
#include "fs/user/ptrace.h"
#include "scope.h"

enum { ROOTS = 4096, PROC_PATH = 40 };

/* What tells root directories apart. */
struct root {
	uint64_t mount;
	dev_t dev;
	ino_t ino;
};

struct listing {
	const struct credentials *as;
	pid_t tid;
	struct root *roots; /* the first is the caller's; owned */
	size_t nroots;
};

static int root_look(int fd, struct root *root)
{
	struct statx st;

	/* STATX_MNT_ID came with 5.8. */
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
		  STATX_INO | STATX_MNT_ID, &st))
		return -errno;
	*root = (struct root){
		.mount = st.stx_mnt_id,
		.dev = makedev(st.stx_dev_major, st.stx_dev_minor),
		.ino = st.stx_ino,
	};
	return 0;
}

/* -ENOSPC: there are too many. */
static int root_number(struct listing *listing, const struct root *root)
{
	const struct root *known = listing->roots;
	size_t i;

	for (i = 0; i < listing->nroots; i++, known++)
		if (known->mount == root->mount && known->dev == root->dev &&
		    known->ino == root->ino)
			return (int)i;
	if (i == ROOTS)
		return -ENOSPC;
	listing->roots[listing->nroots++] = *root;
	return (int)i;
}

/* The kernel says whether the user may: what it asks of an opener. */
static int open_as_user(const struct listing *listing, const char *path)
{
	const struct credentials *as = listing->as;
	int fd, err = assume(as->uid, as->gid, as->identity, 0, NULL);

	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	if (assume_end())
		abort();
	return fd;
}

static bool may_read(const struct listing *listing, pid_t pid)
{
	struct cred whom;

	return !cred_get(pid, &whom) &&
	       ptrace_readable(listing->as->identity, &whom);
}

/*
 * In a user namespace a user has rights that no thread of the daemon can take
 * on, and each of those may look into the daemon: then the rules are asked,
 * before and after, as the process may change.
 */
static int open_maps(const struct listing *listing, pid_t pid)
{
	char path[PROC_PATH];

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	if (listing->as->identity->in_our_user_ns && pid != getpid())
		return open_as_user(listing, path);
	if (!may_read(listing, pid))
		return -EACCES;
	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC);

	return may_read(listing, pid) ? take_fd(&fd) : -EACCES;
}

static int root_path(pid_t pid, char text[PATH_MAX], struct root *root)
{
	char path[PROC_PATH];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	scoped_fd int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	length = fd < 0 ? -1 : readlink(path, text, PATH_MAX - 1);
	if (length < 0)
		return -errno;
	text[text[0] == '/' && length == 1 ? 0 : length] = '\0';
	return root_look(fd, root);
}

/* A process that ends, or is not the user's to see, is left out. */
static int list_one(struct listing *listing, pid_t pid, process_taker *taker,
		    void *arg)
{
	char text[PATH_MAX];
	struct process process = {
		.pid = cred_number(listing->tid, pid),
		.root = text,
	};
	struct root root;
	int number;

	if (process.pid < 0)
		return 0;
	scoped_fd int maps = open_maps(listing, pid);

	if (maps < 0 || root_path(pid, text, &root))
		return 0;
	number = root_number(listing, &root);
	if (number < 0)
		return 0;
	process.maps = maps;
	process.root_id = (unsigned int)number;
	return taker(arg, &process);
}

static int list_all(struct listing *listing, process_taker *taker, void *arg,
		    struct err *e)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	int err = 0;

	if (!proc)
		return fail(e, errno, "the processes cannot be listed: %s",
			    strerror(errno_clamp(errno)));
	while (!err && (entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			err = list_one(listing,
				       (pid_t)strtol(entry->d_name, NULL, 10),
				       taker, arg);
	closedir(proc);
	return err;
}

int process_list(const struct credentials *as, pid_t tid, int root,
		 process_taker *taker, void *arg, struct err *e)
{
	scoped_free struct root *roots = calloc(ROOTS, sizeof(*roots));
	struct listing listing = {
		.as = as,
		.tid = tid,
		.roots = roots,
		.nroots = 1,
	};

	if (!roots)
		return fail(e, ENOMEM, "no memory");
	if (root_look(root, roots))
		return fail(e, errno,
			    "your root directory cannot be looked at");
	return list_all(&listing, taker, arg, e);
}
