// SPDX-License-Identifier: BSD-2-Clause
/* ops_bytes.c - files of bytes. */
#include <errno.h>
#include <stdlib.h>

#include "fs/change/write.h"
#include "fs/ops_bytes.h"
#include "fs/tree/files.h"
#include "scope.h"

/* The row's; NULL: the node is no such file. */
static const struct byte_file *bytes_of(uint64_t number)
{
	struct file file;

	return file_of(node_of(number), &file) ? file.bytes : NULL;
}

bool bytes_are(uint64_t number)
{
	const struct byte_file *bytes = bytes_of(number);

	return bytes && bytes->write;
}

bool bytes_are_read(uint64_t number)
{
	const struct byte_file *bytes = bytes_of(number);

	return bytes && bytes->read;
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

void bytes_read(fuse_req_t req, uint64_t number, size_t size, off_t offset)
{
	scoped_free char *buffer = malloc(size);
	struct caller caller = caller_of(req);
	struct err e;
	ssize_t got = -ENOMEM;

	if (buffer)
		got = bytes_of(number)->read(tree_of(req), &caller, number,
					     buffer, size, offset, &e);
	if (got < 0)
		reply_err(req, (int)got);
	else
		fuse_reply_buf(req, buffer, (size_t)got);
}
