// SPDX-License-Identifier: BSD-2-Clause
/* session.c - the mounted file system, from mount(2) to the last request. */
#include <errno.h>
#include <fuse_lowlevel.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "fs/daemon/daemon.h"
#include "fs/daemon/mount.h"
#include "fs/daemon/prepare.h"
#include "fs/daemon/session.h"
#include "fs/ops.h"
#include "fs/user/walk.h"

enum {
	/* A thread is busy as long as an attach takes: an RCU grace period.
	   More than those that throttle.c and removal.c let wait. */
	THREADS_MAX = 128,
	/* They take turns, so each that waits costs a colder cache.  But the
	   last that is idle starts another: there have to be more than a write,
	   the RELEASE after it and what comes next keep busy. */
	THREADS_IDLE = 4,
};

/* Set in the thread that reads it, before there are others. */
static bool initialised;

static void op_init(void *state, struct fuse_conn_info *conn)
{
	if (fuse_ops.init)
		fuse_ops.init(state, conn);
	initialised = true;
}

static struct fuse_session *session_make(const struct options *o, void *state,
					 struct err *e)
{
	char name[] = "probefs", debug[] = "-odebug";
	char *argv[] = { name, debug, NULL };
	struct fuse_args args = FUSE_ARGS_INIT(o->debug ? 2 : 1, argv);
	struct fuse_lowlevel_ops ops = fuse_ops;
	struct fuse_session *session;

	ops.init = op_init;
	session = fuse_session_new(&args, &ops, sizeof(ops), state);
	fuse_opt_free_args(&args);
	if (!session) {
		fail(e, ENOMEM, "cannot make a FUSE session");
		return NULL;
	}
	/* Before the mount: a signal must not leave a dead one behind. */
	if (fuse_set_signal_handlers(session)) {
		fail(e, EIO, "cannot handle signals");
		fuse_session_destroy(session);
		return NULL;
	}
	return session;
}

/* Gives the session the descriptor; the mount is taken back on failure. */
static int session_mount(struct fuse_session *session, const struct options *o,
			 struct mount *mount, struct err *e)
{
	char place[32];
	int err = mount_make(o, mount, e);

	if (err)
		return err;
	snprintf(place, sizeof(place), "/dev/fd/%d", mount->fd);
	if (!fuse_session_mount(session, place))
		return 0;
	mount_detach(mount);
	return fail(e, EIO, "libfuse refuses '%s'", place);
}

/*
 * The op is called before the reply is written, so the reply has to be waited
 * for: it has been when the first request is processed.
 */
static int init_answer(struct fuse_session *session, struct err *e)
{
	struct fuse_buf buf = { .mem = NULL };
	int length = 1;

	while (!initialised && length > 0 && !fuse_session_exited(session)) {
		length = fuse_session_receive_buf(session, &buf);
		if (length > 0)
			fuse_session_process_buf(session, &buf);
		else if (length == -EINTR)
			length = 1;
	}
	free(buf.mem);
	if (initialised && !fuse_session_exited(session))
		return 0;
	return fail(e, length < 0 ? -length : ECANCELED,
		    "the kernel ended the mount before it was ready");
}

static int session_loop(struct fuse_session *session, struct err *e)
{
	struct fuse_loop_config *config = fuse_loop_cfg_create();
	int err;

	if (!config)
		return fail(e, ENOMEM, "no memory");
	fuse_loop_cfg_set_max_threads(config, THREADS_MAX);
	fuse_loop_cfg_set_idle_threads(config, THREADS_IDLE);
	err = fuse_session_loop_mt(session, config);
	fuse_loop_cfg_destroy(config);
	/* More than 0 is the signal that ended it. */
	if (err < 0)
		return fail(e, -err, "serving ended: %s",
			    strerror(errno_clamp(-err)));
	return 0;
}

static int session_serve(struct fuse_session *session, const struct options *o,
			 int ready, struct err *e)
{
	int err = init_answer(session, e);

	if (err)
		return err;
	daemon_detach(ready);
	if (ready != DAEMON_NOT_READY)
		daemon_say(LOG_INFO, "serving '%s'", o->mountpoint);
	return session_loop(session, e);
}

int session_run(const struct options *o, int ready, struct err *e)
{
	struct fuse_session *session;
	struct mount mount;
	void *state;
	int err;

	err = prepare_prepare(o, e);
	if (err)
		return err;
	state = prepare_make(o, e);
	if (!state)
		return -e->code;
	session = session_make(o, state, e);
	err = session ? session_mount(session, o, &mount, e) : -e->code;
	if (err)
		goto out_state;
	walk_set_device(mount.dev);
	err = session_serve(session, o, ready, e);
	mount_detach(&mount);
out_state:
	if (session) {
		fuse_remove_signal_handlers(session);
		fuse_session_destroy(session);
	}
	prepare_free(state);
	return err;
}
