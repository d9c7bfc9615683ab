// SPDX-License-Identifier: BSD-2-Clause
/*
 * process.c - links of /proc/PID, and descriptors, by the rules of ptrace(2).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>

#include "attach/kernel/bpf.h"
#include "fs/user/assume.h"
#include "fs/user/process.h"
#include "fs/user/ptrace.h"
#include "fs/user/walk.h"
#include "scope.h"

enum { LINK = 96 }; /* /proc/PID/map_files/RANGE */

/* One thing of a process that is taken, in a thread of its own. */
struct taking {
	struct walk walk;
	int (*get)(const struct taking *t, pid_t tgid, struct err *e);
	struct cred by;
	gid_t gid;
	pid_t pid;
	int fd; /* its number, or -1 */
	char rest[LINK];
	char what[];
};

/*
 * Whether the user may read what the link says, which is PTRACE_MODE_READ: the
 * kernel knows more than /proc tells, as the maker of a user namespace.
 */
static bool kernel_allows(const struct taking *t, pid_t tgid)
{
	char path[LINK], text[2];
	ssize_t length;

	if (assume(t->walk.uid, t->gid, &t->by, 0, NULL))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/root", tgid);
	length = readlink(path, text, sizeof(text));
	if (!assume_end())
		return length >= 0;
	walk_is_last();
	return false;
}

/* To trace is up to the real ids, to read up to those of the file system. */
static bool is_one_user(const struct cred *by)
{
	return by->uids[0] == by->uids[IDENTITY_IDS - 1] &&
	       by->gids[0] == by->gids[IDENTITY_IDS - 1];
}

/*
 * The kernel lets any thread of the daemon look into the daemon; and it refuses
 * what the user has a capability for that the daemon has given up.
 */
static bool kernel_knows(const struct cred *by, const struct cred *whom)
{
	return by->in_our_user_ns && whom->tgid != getpid() &&
	       !(whom->in_our_user_ns &&
		 whom->permitted & ~cred_permitted(getpid()));
}

static bool may_trace(const struct taking *t, const struct cred *whom)
{
	if (t->by.tgid == whom->tgid)
		return true;
	if (!kernel_knows(&t->by, whom))
		return ptrace_allowed(&t->by, whom);
	return kernel_allows(t, whom->tgid) &&
	       (is_one_user(&t->by) ? ptrace_within_yama(&t->by, whom)
				    : ptrace_allowed(&t->by, whom));
}

static int look_at(const struct taking *t, struct cred *whom, struct err *e)
{
	int err = cred_get(t->pid, whom);

	if (err)
		return fail(e, -err, "no process %d", t->pid);
	if (may_trace(t, whom))
		return 0;
	if (t->fd >= 0)
		return fail(
			e, EPERM,
			"you may not take descriptors of process %d, as you may not trace it",
			whom->tgid);
	return fail(e, EPERM,
		    "'%s' is of a process that you may not trace (ptrace(2))",
		    t->what);
}

/* A number that still stands for the same process was it all the time. */
static bool is_there(int pidfd)
{
	return !pidfd_send_signal(pidfd, 0, NULL, 0) || errno != ESRCH;
}

static int taking_open(const struct walk *walk, struct err *e)
{
	const struct taking *t = (const struct taking *)walk;
	struct cred whom;
	int err = look_at(t, &whom, e);

	if (err)
		return err;
	scoped_fd int pidfd = pidfd_open(whom.tgid, 0);

	if (pidfd < 0)
		return fail(e, errno, "process %d cannot be opened", whom.tgid);
	err = look_at(t, &whom, e);
	if (err)
		return err;
	scoped_fd int fd = t->get(t, whom.tgid, e);

	err = fd < 0 ? fd : look_at(t, &whom, e);
	if (!err && !is_there(pidfd))
		err = fail(e, ESRCH, "process %d has ended", t->pid);
	return err ? err : take_fd(&fd);
}

static void taking_free(struct walk *walk)
{
	free(walk);
}

static struct taking *taking_make(const struct credentials *by, pid_t pid,
				  const char *rest, const char *what)
{
	size_t size = strlen(what) + 1;
	struct taking *t = calloc(1, sizeof(*t) + size);

	if (!t)
		return NULL;
	t->walk = (struct walk){
		.uid = by->uid,
		.what = t->what,
		.open = taking_open,
		.free = taking_free,
	};
	t->by = *by->identity;
	t->gid = by->gid;
	t->pid = pid;
	t->fd = -1;
	snprintf(t->rest, sizeof(t->rest), "%s", rest);
	memcpy(t->what, what, size);
	return t;
}

static int take_link(const struct taking *t, pid_t tgid, struct err *e)
{
	char link[LINK + 24];
	int fd;

	snprintf(link, sizeof(link), "/proc/%d/%s", tgid, t->rest);
	fd = open(link, O_PATH | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return fail(e, ENOENT, "the process has no '%s': '%s'", t->rest,
			    t->what);
	return fail(e, errno, "cannot open '%s': %s", t->what,
		    strerror(errno_clamp(errno)));
}

int process_link(const struct credentials *by, pid_t pid, const char *rest,
		 const char *what, struct err *e)
{
	struct taking *t = taking_make(by, pid, rest, what);

	if (!t)
		return fail(e, ENOMEM, "no memory");
	t->get = take_link;
	return walk_open(&t->walk, e);
}

static int refuse_object(enum bpf_object object, struct err *e)
{
	return fail(e, EINVAL, "neither a program nor a link, but a %s",
		    bpf_object_name(object));
}

static bool is_reference(enum bpf_object object)
{
	return object == BPF_OBJECT_PROG || object == BPF_OBJECT_LINK ||
	       object == BPF_OBJECT_MAP;
}

/* What the descriptor is of, without a copy of it. */
static int look_at_fd(pid_t tgid, int fd, struct err *e)
{
	char path[LINK], text[64];
	enum bpf_object object;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", tgid, fd);
	length = readlink(path, text, sizeof(text) - 1);
	if (length < 0 && errno == ENOENT)
		return fail(e, ENOENT, "process %d has no descriptor %d", tgid,
			    fd);
	if (length < 0)
		return fail(e, errno, "descriptor %d cannot be looked at: %s",
			    fd, strerror(errno_clamp(errno)));
	text[length] = '\0';
	object = bpf_object_named(text);
	return is_reference(object) ? 0 : refuse_object(object, e);
}

/*
 * The process may have put another there meanwhile: if closing that never ends,
 * it is this thread that waits, and not the one that serves the request.
 */
static int copy_fd(const struct taking *t, pid_t tgid, struct err *e)
{
	int err = look_at_fd(tgid, t->fd, e);

	if (err)
		return err;
	scoped_fd int pidfd = pidfd_open(tgid, 0);
	scoped_fd int copy = pidfd < 0 ? -1 : pidfd_getfd(pidfd, t->fd, 0);

	if (copy < 0 && errno == EBADF)
		return fail(e, ENOENT, "process %d has no descriptor %d", tgid,
			    t->fd);
	if (copy < 0)
		return fail(e, errno,
			    "the kernel gives no descriptor of process %d: %s",
			    tgid, strerror(errno_clamp(errno)));
	if (!is_reference(bpf_object_of(copy)))
		return refuse_object(bpf_object_of(copy), e);
	return take_fd(&copy);
}

int process_get_fd(const struct credentials *by, pid_t pid, int fd,
		   struct err *e)
{
	char what[LINK];
	struct taking *t;

	snprintf(what, sizeof(what), "/proc/%d/fd/%d", pid, fd);
	t = taking_make(by, pid, "", what);
	if (!t)
		return fail(e, ENOMEM, "no memory");
	t->fd = fd;
	t->get = copy_fd;
	return walk_open(&t->walk, e);
}
