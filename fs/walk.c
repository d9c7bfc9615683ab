// SPDX-License-Identifier: BSD-2-Clause
/* walk.c - a thread for each path that is walked at a time. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#include "fs/turn.h"
#include "fs/walk.h"
#include "scope.h"

enum { TRIES = 32 };

/* Freed by the later of the thread and who waits for it. */
struct walker {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool done, alone; /* the thread has ended; nobody waits for it */
	int root, flags, fd;
	uid_t uid;
	gid_t gid;
	struct identity identity;
	struct err e;
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

int walk_cached(int root, uid_t uid, gid_t gid, const struct identity *identity,
		const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_PATH | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_CACHED,
	};
	long fd;
	int err;

	identity_assume(uid, gid, identity);
	fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	err = fd < 0 ? -errno : (int)fd;
	identity_resume();
	return err == -EINVAL ? -EAGAIN : err;
}

static int explain(int err, const char *path, struct err *e)
{
	switch (-err) {
	case ELOOP: /* RESOLVE_NO_MAGICLINKS */
	case EXDEV:
		return fail(
			e, EXDEV,
			"'%s' leads through a link of /proc, or through links in a circle; write the path itself, or /proc/PID/fd/N for a descriptor",
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

static dev_t own_device;

void walk_set_device(dev_t device)
{
	own_device = device;
}

bool walk_is_own(const struct stat *st)
{
	return st->st_dev == own_device;
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

static int open_as(int root, const char *path, int flags, struct err *e)
{
	scoped_fd int seen =
		open_beneath(root, path, O_PATH | (flags & O_DIRECTORY));
	struct stat st;
	int fd;

	if (seen < 0)
		return explain(seen, path, e);
	if (flags & O_PATH)
		return take_fd(&seen);
	if (fstat(seen, &st))
		return explain(-errno, path, e);
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return fail(e, EINVAL, "'%s' is not a regular file", path);
	/*
	 * To close a file that is being written waits, on 5.10, for the write:
	 * fs/fuse/file.c, fuse_flush() takes the inode's lock.
	 */
	if (walk_is_own(&st))
		return fail(e, EINVAL, "'%s' is a file of this file system",
			    path);
	fd = reopen(seen, flags);
	return fd < 0 ? explain(fd, path, e) : fd;
}

static void walker_free(struct walker *w)
{
	fd_close(w->root);
	pthread_cond_destroy(&w->ended);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

static void walker_run(struct walker *w)
{
	bool alone;
	int fd;

	identity_assume(w->uid, w->gid, &w->identity);
	fd = open_as(w->root, w->path, w->flags, &w->e);
	identity_resume();
	turn_give(TURNS_PATH, w->uid);
	pthread_mutex_lock(&w->lock);
	w->fd = fd;
	w->done = true;
	alone = w->alone;
	pthread_cond_signal(&w->ended);
	pthread_mutex_unlock(&w->lock);
	if (alone) {
		fd_close(fd);
		walker_free(w);
	}
}

/*
 * One thread that has done its walk waits for another: to start and to end
 * threads takes longer than most walks.
 */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t given;
	bool waits;
	struct walker *next; /* for who waited, until it takes it */
} spare = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.given = PTHREAD_COND_INITIALIZER,
};

/* NULL: another waits already. */
static struct walker *spare_wait(void)
{
	struct walker *w = NULL;

	pthread_mutex_lock(&spare.lock);
	if (!spare.waits && !spare.next) {
		spare.waits = true;
		while (!spare.next)
			pthread_cond_wait(&spare.given, &spare.lock);
		w = spare.next;
		spare.next = NULL;
	}
	pthread_mutex_unlock(&spare.lock);
	return w;
}

/* False when none waits. */
static bool spare_give(struct walker *w)
{
	bool waits;

	pthread_mutex_lock(&spare.lock);
	waits = spare.waits;
	if (waits) {
		spare.waits = false;
		spare.next = w;
		pthread_cond_signal(&spare.given);
	}
	pthread_mutex_unlock(&spare.lock);
	return waits;
}

static void *run(void *arg)
{
	struct walker *w = arg;

	do
		walker_run(w);
	while ((w = spare_wait()));
	return NULL;
}

static int start(struct walker *w)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	if (spare_give(w))
		return 0;
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	err = pthread_create(&thread, &attr, run, w);
	pthread_attr_destroy(&attr);
	return err;
}

/* What the thread opened; frees the walker if it has ended. */
static int wait_for(struct walker *w, struct err *e)
{
	struct timespec until;
	bool done;
	int fd, late = 0;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WALK_SECONDS;
	pthread_mutex_lock(&w->lock);
	while (!w->done && !late)
		late = pthread_cond_timedwait(&w->ended, &w->lock, &until);
	done = w->done;
	w->alone = true;
	fd = done ? w->fd
		  : fail(e, ETIMEDOUT, "'%s' has not answered for %d seconds",
			 w->path, WALK_SECONDS);
	if (done && fd < 0 && e)
		*e = w->e;
	pthread_mutex_unlock(&w->lock);
	if (done)
		walker_free(w);
	return fd;
}

static struct walker *walker_make(const char *path)
{
	size_t size = strlen(path) + 1;
	struct walker *w = calloc(1, sizeof(*w) + size);

	if (!w)
		return NULL;
	memcpy(w->path, path, size);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->ended, NULL);
	w->root = -1;
	return w;
}

int walk(int root, uid_t uid, gid_t gid, const struct identity *identity,
	 const char *path, int flags, struct err *e)
{
	struct walker *w = walker_make(path);
	int err;

	if (!w)
		return fail(e, ENOMEM, "no memory");
	w->root = root;
	w->flags = flags;
	w->uid = uid;
	w->gid = gid;
	w->identity = *identity;
	err = turn_take(TURNS_PATH, uid, e);
	if (!err && start(w)) {
		turn_give(TURNS_PATH, uid);
		err = fail(e, EAGAIN, "no thread for the path '%s'", path);
	}
	if (!err)
		return wait_for(w, e);
	walker_free(w);
	return err;
}
