/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ops.h - what the requests of FUSE share; private to fs/ops*.c.
 */
#ifndef FS_OPS_H
#define FS_OPS_H

#include <fuse_lowlevel.h>

#include "fs/tree/tree.h"
#include "fs/user/caller.h"

static inline struct tree *tree_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

static inline struct caller caller_of(fuse_req_t req)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);

	return (struct caller){
		.uid = ctx->uid,
		.gid = ctx->gid,
		.tid = ctx->pid,
	};
}

static inline void reply_err(fuse_req_t req, int err)
{
	fuse_reply_err(req, err ? errno_clamp(-err) : 0);
}

/* Attributes and length; -errno. */
int full_attr(fuse_req_t req, uint64_t number, struct stat *attr);
void reply_entry(fuse_req_t req, uint64_t number);

/* In ops_io.c: open files. */
void op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void op_create(fuse_req_t req, fuse_ino_t parent, const char *name, mode_t mode,
	       struct fuse_file_info *fi);
void op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t offset,
	     struct fuse_file_info *fi);
void op_write(fuse_req_t req, fuse_ino_t ino, const char *data, size_t size,
	      off_t offset, struct fuse_file_info *fi);
void op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void op_fsync(fuse_req_t req, fuse_ino_t ino, int datasync,
	      struct fuse_file_info *fi);
void op_poll(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi,
	     struct fuse_pollhandle *ph);

#endif
