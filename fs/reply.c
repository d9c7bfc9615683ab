// SPDX-License-Identifier: BSD-2-Clause
/* reply.c - what the requests of FUSE ask and answer alike. */
#include "fs/reply.h"
#include "fs/tree/attr.h"
#include "fs/tree/files.h"
#include "scope.h"

bool reply_is_unwanted(void *req)
{
	return fuse_req_interrupted(req);
}

/* The attributes with the length, for which the text has to be made. */
int full_attr(fuse_req_t req, uint64_t number, struct stat *attr)
{
	struct tree *tree = tree_of(req);
	struct caller caller = caller_of(req);
	scoped_free char *text = NULL;
	struct file file;
	size_t size;
	int err;

	pthread_mutex_lock(&tree->lock);
	err = attr_get(tree, number, attr);
	pthread_mutex_unlock(&tree->lock);
	if (err || S_ISDIR(attr->st_mode) || !file_of(node_of(number), &file) ||
	    file.slow || file.stream)
		return err;
	if (file.bytes && file.bytes->size) {
		attr->st_size = file.bytes->size(tree, number);
		return 0;
	}
	if (!file_text(tree, number, &caller, &text, &size, NULL))
		attr->st_size = (off_t)size;
	return 0;
}

void reply_entry(fuse_req_t req, uint64_t number)
{
	struct fuse_entry_param entry = {
		.ino = number,
		.attr_timeout = attr_timeout(number),
		.entry_timeout = entry_timeout(number),
	};
	int err = full_attr(req, number, &entry.attr);

	if (err)
		reply_err(req, err);
	else
		fuse_reply_entry(req, &entry);
}
