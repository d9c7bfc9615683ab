// SPDX-License-Identifier: BSD-2-Clause
/* ops_bytes.c - writing and cutting files of bytes. */
#include "fs/change/write.h"
#include "fs/ops_bytes.h"
#include "fs/tree/files.h"

/* The row's; NULL: the node is no such file. */
static const struct byte_file *bytes_of(uint64_t number)
{
	struct file file;

	return file_of(node_of(number), &file) ? file.bytes : NULL;
}

bool bytes_are(uint64_t number)
{
	return bytes_of(number);
}

/* What was refused is told, as of any other file. */
static int told(fuse_req_t req, uint64_t number, int err, const struct err *e)
{
	if (err)
		write_unread(tree_of(req), number, e);
	return err;
}

int bytes_write(fuse_req_t req, uint64_t number, const char *data, size_t size,
		off_t offset, bool appends)
{
	struct caller caller = caller_of(req);
	struct err e;
	int err = bytes_of(number)->write(tree_of(req), &caller, number, data,
					  size, appends ? -1 : offset, &e);

	return told(req, number, err, &e);
}

int bytes_resize(fuse_req_t req, uint64_t number, off_t size)
{
	struct caller caller = caller_of(req);
	struct err e;
	int err = bytes_of(number)->resize(tree_of(req), &caller, number, size,
					   &e);

	return told(req, number, err, &e);
}
