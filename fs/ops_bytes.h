/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ops_bytes.h - requests on files of bytes, which are written where they are.
 */
#ifndef FS_OPS_BYTES_H
#define FS_OPS_BYTES_H

#include "fs/reply.h"

bool bytes_are(uint64_t number);
/* The rest is of files of which bytes_are() is true; appends: at the end. */
int bytes_write(fuse_req_t req, uint64_t number, const char *data, size_t size,
		off_t offset, bool appends);
int bytes_resize(fuse_req_t req, uint64_t number, off_t size);

/* They are read where they are, too; replies. */
bool bytes_are_read(uint64_t number);
void bytes_read(fuse_req_t req, uint64_t number, size_t size, off_t offset);

#endif
