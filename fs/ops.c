// SPDX-License-Identifier: BSD-2-Clause
/*
 * ops.c - the requests of FUSE.
 *
 * Each asks, then replies once.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "fs/change/denial.h"
#include "fs/change/make_object.h"
#include "fs/change/removal.h"
#include "fs/change/write.h"
#include "fs/ops.h"
#include "fs/ops_bytes.h"
#include "fs/probe_dir.h"
#include "fs/reply.h"
#include "fs/tree/attr.h"
#include "fs/tree/dirs.h"
#include "fs/tree/files.h"
#include "fs/tree/handle.h"
#include "fs/tree/scratch.h"
#include "scope.h"

enum { BLOCK = 4096 };

static void op_init(void *userdata, struct fuse_conn_info *conn)
{
	(void)userdata;
	conn->max_write = WRITE_MAX;
	/* A thread that does not wait for its write can end meanwhile, and its
	   number be that of a thread with more rights: fuse_direct_IO(). */
	conn->want &= ~(unsigned int)FUSE_CAP_ASYNC_DIO;
}

static void op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct tree *tree = tree_of(req);
	uint64_t number;
	int err;

	if (parent == FUSE_ROOT_ID)
		removal_passes(tree, caller_of(req).tid);
	err = dir_lookup(tree, parent, name, &number);
	if (err)
		reply_err(req, err);
	else
		reply_entry(req, number);
}

static void op_getattr(fuse_req_t req, fuse_ino_t ino,
		       struct fuse_file_info *fi)
{
	struct tree *tree = tree_of(req);
	const struct handle *handle = NULL;
	struct stat attr;
	int err;

	if (fi) {
		pthread_mutex_lock(&tree->lock);
		handle = handle_find(tree->handles, fi->fh);
		if (handle && handle->text) {
			err = attr_get(tree, ino, &attr);
			attr.st_size = (off_t)handle->size;
		} else {
			handle = NULL;
		}
		pthread_mutex_unlock(&tree->lock);
	}
	if (!handle)
		err = full_attr(req, ino, &attr);
	if (err)
		reply_err(req, err);
	else
		fuse_reply_attr(req, &attr, attr_timeout(ino));
}

/* A length of a text is accepted and means nothing: only a write changes it. */
static void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr,
		       int to_set, struct fuse_file_info *fi)
{
	struct tree *tree = tree_of(req);
	struct scratch *scratch;
	struct file file;
	struct stat now;
	int err = 0;

	/* A caller that has it open to write has made it, see write_take(). */
	if (to_set & FUSE_SET_ATTR_SIZE && file_of(node_of(ino), &file) &&
	    !file_can_be_written(&file) && !fi)
		err = -EACCES;
	else if (to_set & FUSE_SET_ATTR_SIZE && bytes_are(ino))
		err = bytes_resize(req, ino, attr->st_size);
	pthread_mutex_lock(&tree->lock);
	scratch = scratch_find(tree, ino);
	if (to_set & FUSE_SET_ATTR_SIZE && scratch)
		err = scratch_resize(tree, scratch, attr->st_size);
	to_set &= ~FUSE_SET_ATTR_SIZE;
	if (!err)
		err = attr_get(tree, ino, &now);
	if (!err && to_set)
		err = attr_set(tree, ino, attr, to_set);
	pthread_mutex_unlock(&tree->lock);
	if (!err)
		err = full_attr(req, ino, &now);
	if (err)
		reply_err(req, err);
	else
		fuse_reply_attr(req, &now, attr_timeout(ino));
}

/* What the directory does not do is said in `error`. */
static void reply_done(fuse_req_t req, uint64_t dir, enum denied what,
		       const char *name, int err)
{
	reply_err(req, denial_keep(tree_of(req), dir, what, name, err));
}

static void reply_made(fuse_req_t req, uint64_t dir, enum denied what,
		       const char *name, int err, uint64_t number)
{
	if (denial_keep(tree_of(req), dir, what, name, err))
		reply_err(req, err);
	else
		reply_entry(req, number);
}

/* What mkdir(2) and rmdir(2) do in a directory; NULL: nothing. */
static const struct maker {
	int (*mkdir)(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name, mode_t mode,
		     uint64_t *number);
	int (*rmdir)(struct tree *tree, const struct caller *caller,
		     uint64_t dir, const char *name);
} makers[NHOLDS] = {
	[HOLDS_PROBES] = { make_probe, remove_probe },
	[HOLDS_PROGRAMS] = { make_object, remove_object },
	[HOLDS_SCRATCH] = { probe_dir_mkdir, probe_dir_rmdir },
};

static void op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name,
		     mode_t mode)
{
	struct tree *tree = tree_of(req);
	struct caller caller = caller_of(req);
	const struct maker *maker = &makers[area_at(parent)->holds];
	uint64_t number = 0;
	int err = -EPERM;

	if (maker->mkdir)
		err = maker->mkdir(tree, &caller, parent, name, mode, &number);
	reply_made(req, parent, DENIED_MKDIR, name, err, number);
}

static void op_rmdir(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct tree *tree = tree_of(req);
	const struct maker *maker = &makers[area_at(parent)->holds];
	struct caller caller = caller_of(req);
	int err = -EPERM;

	if (maker->rmdir)
		err = maker->rmdir(tree, &caller, parent, name);
	reply_done(req, parent, DENIED_REMOVE, name, err);
}

static void op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name,
		     mode_t mode, dev_t rdev)
{
	struct caller caller = caller_of(req);
	enum denied what = S_ISREG(mode) ? DENIED_CREATE : DENIED_NODE;
	uint64_t number = 0;
	int err = -EPERM;

	(void)rdev;
	if (S_ISREG(mode))
		err = probe_dir_create(tree_of(req), &caller, parent, name,
				       mode, &number);
	reply_made(req, parent, what, name, err, number);
}

static void op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct caller caller = caller_of(req);

	reply_done(req, parent, DENIED_REMOVE, name,
		   probe_dir_unlink(tree_of(req), &caller, parent, name));
}

static void op_rename(fuse_req_t req, fuse_ino_t parent, const char *name,
		      fuse_ino_t to, const char *new_name, unsigned int flags)
{
	struct caller caller = caller_of(req);

	reply_err(req, probe_dir_rename(tree_of(req), &caller, parent, name, to,
					new_name, flags));
}

struct listing {
	struct dir_sink sink; /* first, so that a sink is a listing */
	fuse_req_t req;
	char *buffer;
	size_t size, used;
};

static bool add_entry(struct dir_sink *sink, const char *name, uint64_t number,
		      bool is_dir, uint64_t next)
{
	struct listing *listing = (struct listing *)sink;
	struct stat attr = {
		.st_ino = number,
		.st_mode = is_dir ? S_IFDIR : S_IFREG,
	};
	size_t room = listing->size - listing->used;
	size_t need =
		fuse_add_direntry(listing->req, listing->buffer + listing->used,
				  room, name, &attr, (off_t)next);

	if (need > room)
		return false;
	listing->used += need;
	return true;
}

static void op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size,
		       off_t offset, struct fuse_file_info *fi)
{
	scoped_free char *buffer = malloc(size);
	struct listing listing = {
		.sink.add = add_entry,
		.req = req,
		.buffer = buffer,
		.size = size,
	};

	(void)fi;
	if (!buffer) {
		reply_err(req, -ENOMEM);
		return;
	}
	dir_list(tree_of(req), ino, (uint64_t)offset, &listing.sink);
	fuse_reply_buf(req, buffer, listing.used);
}

/*
 * No blocks: df(1) leaves such file systems out.  But a size of them, by which
 * programs divide.
 */
static void op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	struct statvfs fs = {
		.f_bsize = BLOCK,
		.f_frsize = BLOCK,
		.f_namemax = NAME_MAX,
	};

	(void)ino;
	fuse_reply_statfs(req, &fs);
}

/* No number is ever used for another node, so nothing needs remembering. */
static void op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t nlookup)
{
	(void)ino;
	(void)nlookup;
	fuse_reply_none(req);
}

static void op_forget_multi(fuse_req_t req, size_t count,
			    struct fuse_forget_data *forgets)
{
	(void)count;
	(void)forgets;
	fuse_reply_none(req);
}

/* What this file system does not do: EPERM, which tools take for an answer. */

static void no_symlink(fuse_req_t req, const char *target, fuse_ino_t parent,
		       const char *name)
{
	(void)target;
	reply_done(req, parent, DENIED_LINK, name, -EPERM);
}

static void no_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t parent,
		    const char *name)
{
	(void)ino;
	reply_done(req, parent, DENIED_LINK, name, -EPERM);
}

/*
 * Left out on purpose, so that the kernel remembers ENOSYS and asks no more:
 * flush (a shell sends one before its first write), xattr, access (the kernel
 * checks, default_permissions), locks (the kernel keeps them).
 */
const struct fuse_lowlevel_ops fuse_ops = {
	.init = op_init,
	.lookup = op_lookup,
	.forget = op_forget,
	.forget_multi = op_forget_multi,
	.getattr = op_getattr,
	.setattr = op_setattr,
	.mkdir = op_mkdir,
	.rmdir = op_rmdir,
	.open = op_open,
	.read = op_read,
	.write = op_write,
	.release = op_release,
	.fsync = op_fsync,
	.fsyncdir = op_fsync,
	.readdir = op_readdir,
	.statfs = op_statfs,
	.mknod = op_mknod,
	.create = op_create,
	.unlink = op_unlink,
	.symlink = no_symlink,
	.rename = op_rename,
	.poll = op_poll,
	.link = no_link,
};
