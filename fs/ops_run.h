/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ops_run.h - the requests on open files that are read as they come; private to
 * fs/.
 */
#ifndef FS_OPS_RUN_H
#define FS_OPS_RUN_H

#include "fs/reply.h"

/* The node is such a file. */
bool run_is(uint64_t number);

/* A run for the open file fh; what is refused is kept in `error`. */
int run_open(fuse_req_t req, uint64_t number, uint64_t fh);

/* Replies. */
void run_read(fuse_req_t req, uint64_t number, uint64_t fh, size_t size,
	      off_t offset);

#endif
