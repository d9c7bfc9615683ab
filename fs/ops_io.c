// SPDX-License-Identifier: BSD-2-Clause
/* ops_io.c - the requests on open files. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/denial.h"
#include "fs/change/write.h"
#include "fs/ops.h"
#include "fs/ops_bytes.h"
#include "fs/ops_run.h"
#include "fs/probe_dir.h"
#include "fs/reply.h"
#include "fs/tree/attr.h"
#include "fs/tree/files.h"
#include "fs/tree/handle.h"
#include "fs/tree/poll.h"
#include "fs/tree/scratch.h"
#include "fs/stream.h"
#include "fs/user/cred.h"
#include "scope.h"

/*
 * What a new handle reads: nothing of scratch, which is read where it is.  The
 * caller that makes a file may open it to write whatever its mode is, as
 * elsewhere.
 */
static int text_to_read(fuse_req_t req, uint64_t number, int flags, bool made,
			char **text, size_t *size)
{
	struct caller caller = caller_of(req);
	int access = flags & O_ACCMODE;
	struct err e = { .code = 0 };
	struct file file;
	int err;

	*text = NULL;
	*size = 0;
	if (node_is_scratch(node_of(number)))
		return 0;
	if (!file_of(node_of(number), &file))
		return -ENOENT;
	if (!file_can_be_written(&file) && access != O_RDONLY && !made)
		return -EACCES;
	if (access == O_WRONLY || file.stream ||
	    (file.bytes && file.bytes->read))
		return 0;
	err = file_text(tree_of(req), number, &caller, text, size, &e);
	if (err && e.code)
		write_unread(tree_of(req), number, &e);
	/* What copies a probe reads all its files, and stops at none. */
	if (err != -ENODATA)
		return err;
	*size = 0;
	return 0;
}

static uint32_t changes_of(struct tree *tree, uint64_t number)
{
	const struct probe *probe;
	uint32_t changes;

	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, number);
	changes = probe ? probe->changes : 0;
	pthread_mutex_unlock(&tree->lock);
	return changes;
}

static int open_node(fuse_req_t req, uint64_t number, bool made,
		     struct fuse_file_info *fi)
{
	struct tree *tree = tree_of(req);
	/* Before the text: a change while that is made has to wake pollers. */
	uint32_t changes = changes_of(tree, number);
	struct caller caller = caller_of(req);
	uint64_t caps = caller_caps(&caller);
	struct scratch *scratch;
	struct handle *handle;
	size_t size;
	char *text;
	int err = text_to_read(req, number, fi->flags, made, &text, &size);

	if (err)
		return err;
	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, number);
	if (scratch && fi->flags & O_TRUNC) {
		scratch_resize(tree, scratch, 0);
		scratch->author = caller.uid;
	}
	err = handle_make(tree->handles, caller.uid, text, size,
			  (fi->flags & O_ACCMODE) != O_RDONLY, &handle);
	if (!err) {
		handle->gid = caller.gid;
		handle->caps = caps;
		handle->changes = changes;
		fi->fh = handle->fh;
		if (scratch)
			scratch_open(scratch);
	}
	pthread_mutex_unlock(&tree->lock);
	fi->direct_io = 1;
	return err;
}

static void let_go(struct tree *tree, uint64_t number, uint64_t fh)
{
	struct scratch *scratch;
	struct probe *probe;

	stream_close(tree, fh);
	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, number);
	if (probe)
		poll_forget(probe, fh);
	scratch = scratch_find(tree, number);
	if (scratch)
		scratch_close(tree, scratch);
	handle_drop(tree->handles, fh);
	pthread_mutex_unlock(&tree->lock);
}

/* ENOENT: the thread that opens was killed meanwhile, and will not release. */
void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct tree *tree = tree_of(req);
	int err = open_node(req, ino, false, fi);

	if (!err && fi->flags & O_TRUNC && bytes_are(ino)) {
		err = bytes_resize(req, ino, 0);
		if (err)
			let_go(tree, ino, fi->fh);
	}
	if (!err && run_is(ino)) {
		err = run_open(req, ino, fi->fh);
		if (err)
			let_go(tree, ino, fi->fh);
	}
	if (err)
		reply_err(req, err);
	else if (fuse_reply_open(req, fi) == -ENOENT)
		let_go(tree, ino, fi->fh);
}

void op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	       struct fuse_file_info *fi)
{
	struct tree *tree = tree_of(req);
	struct caller caller = caller_of(req);
	struct fuse_entry_param entry = { 0 };
	uint64_t number;
	int err;

	err = probe_dir_create(tree, &caller, parent, name, mode, &number);
	if (!err)
		err = full_attr(req, number, &entry.attr);
	if (!err)
		err = open_node(req, number, true, fi);
	if (denial_keep(tree, parent, DENIED_CREATE, name, err)) {
		reply_err(req, err);
		return;
	}
	entry.ino = number;
	entry.attr_timeout = attr_timeout(number);
	entry.entry_timeout = entry_timeout(number);
	if (fuse_reply_create(req, &entry, fi) == -ENOENT)
		let_go(tree, number, fi->fh);
}

static void reply_part(fuse_req_t req, const char *text, size_t length,
		       size_t size, off_t offset)
{
	size_t from = (size_t)offset;

	if (from >= length)
		fuse_reply_buf(req, NULL, 0);
	else
		fuse_reply_buf(req, text + from,
			       length - from < size ? length - from : size);
}

/*
 * From the start again after a change: as sysfs does, for pollers.  The text is
 * for all processes that have the descriptor, so nobody else's rights make it.
 */
static void refresh(fuse_req_t req, uint64_t number, uint64_t fh)
{
	struct tree *tree = tree_of(req);
	struct caller caller = caller_of(req);
	const struct probe *probe;
	struct handle *handle;
	uint32_t changes = 0;
	bool stale = false;
	size_t size;
	char *text;

	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, number);
	handle = handle_find(tree->handles, fh);
	if (probe && handle && handle->text && handle_limits(handle, &caller)) {
		changes = probe->changes;
		stale = handle->changes != changes;
	}
	pthread_mutex_unlock(&tree->lock);
	if (!stale)
		return;
	/* Of a built-in program that is no longer attached: nothing. */
	if (file_text(tree, number, &caller, &text, &size, NULL)) {
		text = strdup("");
		size = 0;
	}
	pthread_mutex_lock(&tree->lock);
	handle = handle_find(tree->handles, fh);
	if (handle && text &&
	    !handle_set_text(tree->handles, handle, take(text), size))
		handle->changes = changes;
	pthread_mutex_unlock(&tree->lock);
	free(text);
}

void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
	     struct fuse_file_info *fi)
{
	struct tree *tree = tree_of(req);
	const struct scratch *scratch;
	const struct handle *handle;

	if (run_is(ino)) {
		run_read(req, ino, fi->fh, size, offset);
		return;
	}
	if (bytes_are_read(ino)) {
		bytes_read(req, ino, size, offset);
		return;
	}
	if (!offset)
		refresh(req, ino, fi->fh);
	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, ino);
	handle = handle_find(tree->handles, fi->fh);
	if (scratch)
		reply_part(req, scratch->data, scratch->size, size, offset);
	else if (handle && handle->text)
		reply_part(req, handle->text, handle->size, size, offset);
	else
		fuse_reply_buf(req, NULL, 0);
	pthread_mutex_unlock(&tree->lock);
}

static int write_scratch(struct tree *tree, uid_t uid, uint64_t number,
			 const char *data, size_t size, off_t offset,
			 bool append)
{
	struct scratch *scratch;
	int err = -ENOENT;

	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, number);
	if (scratch)
		err = scratch_write(tree, scratch, data, size,
				    append ? (off_t)scratch->size : offset);
	if (!err && scratch->author != uid)
		scratch->author = SCRATCH_OF_MANY;
	pthread_mutex_unlock(&tree->lock);
	return err;
}

void op_write(fuse_req_t req, fuse_ino_t ino, const char *data, size_t size,
	      off_t offset, struct fuse_file_info *fi)
{
	struct tree *tree = tree_of(req);
	struct caller caller = caller_of(req);
	struct cred identity = { 0 };
	int err;

	caller.identity = &identity;
	if (node_is_scratch(node_of(ino)))
		err = write_scratch(tree, caller.uid, ino, data, size, offset,
				    fi->flags & O_APPEND);
	else if (bytes_are(ino))
		err = bytes_write(req, ino, data, size, offset,
				  fi->flags & O_APPEND);
	else
		err = write_take(tree, &caller, ino, fi->fh, data, size, offset,
				 fi->flags & O_APPEND);
	if (err)
		reply_err(req, err);
	else
		fuse_reply_write(req, size);
}

void op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	let_go(tree_of(req), ino, fi->fh);
	reply_err(req, 0);
}

void op_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
	      struct fuse_file_info *fi)
{
	(void)ino;
	(void)datasync;
	(void)fi;
	reply_err(req, 0);
}

/* Scratch and the mount's own files are always ready, as files are. */
void op_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
	     struct fuse_pollhandle *ph)
{
	struct tree *tree = tree_of(req);
	const struct handle *handle;
	struct probe *probe;
	bool ready;

	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, ino);
	handle = handle_find(tree->handles, fi->fh);
	ready = !probe || run_is(ino) || !handle ||
		handle->changes != probe->changes;
	if (!ready && ph) {
		poll_add(tree, probe, fi->fh, ph);
		ph = NULL;
	}
	pthread_mutex_unlock(&tree->lock);
	if (ph)
		fuse_pollhandle_destroy(ph);
	fuse_reply_poll(req, ready ? POLLIN | POLLPRI : 0);
}
