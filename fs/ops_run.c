// SPDX-License-Identifier: BSD-2-Clause
/* ops_run.c - opening and reading what comes as it is made. */
#include <errno.h>
#include <stdlib.h>

#include "fs/change/write.h"
#include "fs/ops_run.h"
#include "fs/tree/files.h"
#include "fs/stream.h"
#include "fs/user/throttle.h"
#include "scope.h"

/*
 * How often a run is asked that has nothing: the kernel has looked at a million
 * objects then, or the program asks for the same one again and again.
 */
enum { TRIES = 1000 };

bool run_is(uint64_t number)
{
	struct file file;

	return file_of(node_of(number), &file) && file.stream;
}

int run_open(fuse_req_t req, uint64_t number, uint64_t fh)
{
	struct tree *tree = tree_of(req);
	struct err e = { .code = 0 };
	struct caller caller = caller_of(req);
	int err = stream_open(tree, &caller, number, fh, &e);

	if (err)
		write_unread(tree, number, &e);
	return err;
}

/*
 * Asks again while there is nothing yet.  The reader may be killed meanwhile,
 * and is gone only when the request is answered.
 */
static ssize_t read_on(fuse_req_t req, uint64_t number, uint64_t fh,
		       const struct stream_part *part, struct err *e)
{
	struct tree *tree = tree_of(req);
	ssize_t got = -EAGAIN;
	int tries;

	for (tries = 0; got == -EAGAIN && tries < TRIES; tries++) {
		if (fuse_req_interrupted(req))
			return -EINTR;
		got = stream_read(tree, number, fh, part, e);
	}
	if (got != -EAGAIN)
		return got;
	e->code = EIO;
	fail_hint(e, "given up after %d times", TRIES);
	return -EIO;
}

/* A run may be long, so its reader needs a turn for each read. */
static ssize_t read_in_turn(fuse_req_t req, uint64_t number, uint64_t fh,
			    const struct stream_part *part, struct err *e)
{
	uid_t uid = fuse_req_ctx(req)->uid;
	ssize_t got = throttle_enter(THROTTLE_WRITE, uid, e);

	if (got)
		return got;
	got = read_on(req, number, fh, part, e);
	throttle_leave(THROTTLE_WRITE, uid);
	return got;
}

void run_read(fuse_req_t req, uint64_t number, uint64_t fh, size_t size,
	      off_t offset)
{
	scoped_free char *buffer = malloc(size);
	struct stream_part part = { buffer, size, offset };
	struct err e = { .code = 0 };
	ssize_t got = -ENOMEM;

	if (buffer)
		got = read_in_turn(req, number, fh, &part, &e);
	if (got < 0 && e.code)
		write_unread(tree_of(req), number, &e);
	if (got < 0)
		reply_err(req, (int)got);
	else
		fuse_reply_buf(req, buffer, (size_t)got);
}
