/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * reply.h - what the requests of FUSE ask and answer alike; private to fs/.
 */
#ifndef FS_REPLY_H
#define FS_REPLY_H

#include <fuse_lowlevel.h>

#include "fs/tree/tree.h"
#include "fs/user/caller.h"

static inline struct tree *tree_of(fuse_req_t req)
{
	return fuse_req_userdata(req);
}

bool reply_is_unwanted(void *req); /* its caller has been interrupted */

static inline struct caller caller_of(fuse_req_t req)
{
	const struct fuse_ctx *ctx = fuse_req_ctx(req);

	return (struct caller){
		.uid = ctx->uid,
		.gid = ctx->gid,
		.tid = ctx->pid,
		.interrupted = reply_is_unwanted,
		.request = req,
		.own = &tree_of(req)->own,
	};
}

/* err: -errno; the sign flips here, and none leaves that the kernel refuses. */
static inline void reply_err(fuse_req_t req, int err)
{
	fuse_reply_err(req, err ? errno_clamp(-err) : 0);
}

/* Attributes and length; -errno. */
int full_attr(fuse_req_t req, uint64_t number, struct stat *attr);
void reply_entry(fuse_req_t req, uint64_t number);

#endif
