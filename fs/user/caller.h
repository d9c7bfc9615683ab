/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * caller.h - who asks, and doing things as that user.
 *
 * The daemon is root and acts on the word of others.  So whatever a user names
 * is opened with that user's ids and groups, below that user's root, in that
 * user's mount namespace, and from then on used by descriptor only.  While a
 * request is answered its caller cannot go away, so /proc/TID stays true.
 *
 * Locking: none is needed and none may be held: a path can hang for ever, or
 * lead into this very mount.
 */
#ifndef FS_USER_CALLER_H
#define FS_USER_CALLER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "attach/kind/kind.h"
#include "fail.h"

struct cred;
struct own;

struct caller {
	uid_t uid; /* fsuid and fsgid, as FUSE tells them */
	gid_t gid;
	/* a thread, in our pid namespace; 0 when not visible there */
	pid_t tid;
	uint64_t denied; /* capabilities that do not count: the opener of the
			    file that is written had not got them */
	/* The root of a user who is not waiting for us, with the identity: see
	   fs/user/mandate.h.  0 else: it is that of the thread. */
	int root;
	pid_t process; /* with root: the one that the probe has; 0: none */
	/* What /proc told of it, once something asked: it waits for us, and so
	   stays as it is.  NULL: asked anew each time. */
	struct cred *identity;
	/* Whether the caller has been interrupted and will take no answer; NULL:
	   it cannot be. */
	bool (*interrupted)(void *request);
	void *request;
	/* What paths into this very mount refer to, see fs/user/reference.h;
	   NULL: to nothing. */
	const struct own *own;
};

static inline bool caller_interrupted(const struct caller *caller)
{
	return caller->interrupted && caller->interrupted(caller->request);
}

/* ESRCH, EPERM: what /proc tells of the caller, whose identity this is. */
int caller_identify(const struct caller *caller, struct cred *identity,
		    struct err *e);

/* The directory that is / to the caller, with O_PATH. */
int caller_open_root(const struct caller *caller, struct err *e);

/*
 * Opens an absolute path as the caller.  The file is looked at before it is
 * opened: anything but a regular file, a directory or, with O_PATH, a pinned
 * object, is refused without touching it.  O_CLOEXEC is always added.  EPERM
 * for a caller that cannot be seen, EINVAL for a relative path, EXDEV for a
 * magic link but those of fs/user/proc_path.h, ETIMEDOUT for a path that does
 * not answer, EAGAIN when too many others do not.
 */
int caller_open(const struct caller *caller, const char *path, int flags,
		struct err *e);

/* The same for a name in a directory, or a path below it; dir stays yours. */
int caller_open_at(const struct caller *caller, int dir, const char *name,
		   int flags, struct err *e);

/*
 * The directory that holds path, with O_PATH, and the name in it (which points
 * into path): for making a file there.
 */
int caller_open_parent(const struct caller *caller, const char *path,
		       const char **name, struct err *e);

/*
 * Takes on the caller's ids and groups in this thread, until caller_leave().
 * Says whether it could.  Between the two only system calls on descriptors.
 */
int caller_enter(const struct caller *caller, struct err *e);
void caller_leave(void);

/*
 * A copy of descriptor fd, of a program or a link, of process pid (0: the
 * caller's own), if the caller could trace that process (ptrace(2), "Ptrace
 * access mode checking").
 */
int caller_get_fd(const struct caller *caller, pid_t pid, int fd,
		  struct err *e);

/*
 * The process that the caller's pid namespace calls pid, in ours; ESRCH when
 * there is none.
 */
pid_t caller_find_pid(const struct caller *caller, pid_t pid, struct err *e);

/* The capabilities that the caller has or could have, where they count. */
uint64_t caller_caps(const struct caller *caller);

/*
 * bpf(2) would let the caller have objects by id: CAP_SYS_ADMIN, for which
 * CAP_BPF is no substitute (kernel/bpf/syscall.c, bpf_prog_get_fd_by_id()).
 */
bool caller_may_use_ids(const struct caller *caller);

#endif
