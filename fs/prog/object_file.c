// SPDX-License-Identifier: BSD-2-Clause
/* object_file.c - writing and reading the bytes of prog/NAME. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

#include "fs/prog/upload.h"
#include "fs/prog/object_file.h"
#include "fs/tree/meta.h"
#include "fs/user/addresses.h"
#include "scope.h"

static int gone(struct err *e)
{
	return fail(e, ENOENT, "it was removed");
}

static uint64_t next_serial(struct tree *tree)
{
	return ++tree->upload_serial;
}

/* Other bytes in the place of those that were.  The lock is held. */
static void replace(struct tree *tree, struct upload *upload,
		    struct content *content)
{
	content_put(upload->content);
	upload->content = content;
	upload_forget(tree, upload);
}

/* One of its own, that nobody looks at, in the place of what is sealed. */
static int make_empty(struct tree *tree, struct upload *upload, struct err *e)
{
	struct content *content = content_make(next_serial(tree));

	if (!content)
		return fail(e, ENOMEM, "no memory or descriptor is left");
	replace(tree, upload, content);
	return 0;
}

/* The lock is held, and let go of while the bytes are copied. */
static int make_copy(struct tree *tree, uint64_t number, struct err *e)
{
	struct upload *upload = upload_at(tree, number);
	struct content *old = content_hold(upload->content), *copy;
	uint64_t serial = next_serial(tree);
	int err = 0;

	pthread_mutex_unlock(&tree->lock);
	copy = content_copy(old, serial);
	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (!upload)
		err = gone(e);
	else if (!copy)
		err = fail(e, ENOMEM, "no memory or descriptor is left");
	else if (upload->content == old)
		replace(tree, upload, take(copy));
	content_put(old);
	content_put(copy);
	return err;
}

/*
 * The node's, with a content that can be written; NULL with *e filled.  empty:
 * what was in it does not matter.  The lock is held, and let go of meanwhile.
 */
static struct upload *writable(struct tree *tree, uint64_t number, bool empty,
			       struct err *e)
{
	struct upload *upload;
	int err = 0;

	while ((upload = upload_at(tree, number)) && !err) {
		if (upload->content && !upload->content->sealed)
			return upload;
		err = empty || !upload->content ? make_empty(tree, upload, e)
						: make_copy(tree, number, e);
	}
	if (!err)
		gone(e);
	return NULL;
}

static int size_check(struct tree *tree, const struct upload *upload,
		      off_t size, struct err *e)
{
	size_t now = upload->content ? upload->content->size : 0,
	       max = tree->policy->max_object;

	if (size < 0 || (size_t)size > max)
		return fail(
			e, EFBIG,
			"an object file has at most %zu bytes, as the mount option max_object says; what was written before that is there",
			max);
	return (size_t)size > now
		       ? upload_has_room(tree, upload, (size_t)size - now, e)
		       : 0;
}

static int done(struct tree *tree, struct upload *upload, uint64_t number,
		int err, struct err *e)
{
	if (err)
		return fail(e, -err, "no memory");
	free(take(upload->error));
	meta_touch(tree, number, true);
	return 0;
}

static int object_write(struct tree *tree, const struct caller *caller,
			uint64_t number, const char *data, size_t size,
			off_t offset, struct err *e)
{
	struct upload *upload;
	int err;

	(void)caller;
	pthread_mutex_lock(&tree->lock);
	upload = writable(tree, number, false, e);
	err = upload ? 0 : -e->code;
	if (!err && offset < 0)
		offset = (off_t)upload->content->size;
	if (!err)
		err = size_check(tree, upload, offset + (off_t)size, e);
	if (!err)
		err = done(tree, upload, number,
			   content_write(upload->content, data, size, offset),
			   e);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

static int object_resize(struct tree *tree, const struct caller *caller,
			 uint64_t number, off_t size, struct err *e)
{
	struct upload *upload;
	int err;

	(void)caller;
	pthread_mutex_lock(&tree->lock);
	upload = writable(tree, number, !size, e);
	err = upload ? size_check(tree, upload, size, e) : -e->code;
	if (!err)
		err = done(tree, upload, number,
			   content_resize(upload->content, size), e);
	pthread_mutex_unlock(&tree->lock);
	return err;
}

static int object_replace(struct tree *tree, const struct caller *caller,
			  uint64_t number, const char *data, size_t size,
			  struct err *e)
{
	struct content *next = content_make(0);
	struct upload *upload;
	int err = next ? content_write(next, data, size, 0) : -ENOMEM;

	(void)caller;
	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (err)
		err = fail(e, -err, "no memory or descriptor is left");
	else if (!upload)
		err = gone(e);
	else
		err = size_check(tree, upload, (off_t)size, e);
	if (!err) {
		next->serial = next_serial(tree);
		replace(tree, upload, take(next));
		err = done(tree, upload, number, 0, e);
	}
	pthread_mutex_unlock(&tree->lock);
	content_put(next);
	return err;
}

/* A descriptor of the bytes as they are now; -1: there are none. */
static int open_object(struct tree *tree, uint64_t number)
{
	const struct upload *upload;
	int fd = -1;

	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (upload && upload->content)
		fd = fcntl(upload->content->fd, F_DUPFD_CLOEXEC, 0);
	pthread_mutex_unlock(&tree->lock);
	return fd;
}

static int open_log(struct tree *tree, uint64_t number)
{
	const struct upload *upload;
	int fd = -1;

	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (upload && upload->log_fd >= 0)
		fd = fcntl(upload->log_fd, F_DUPFD_CLOEXEC, 0);
	pthread_mutex_unlock(&tree->lock);
	return fd;
}

static ssize_t read_part(int fd, char *buffer, size_t size, off_t offset,
			 struct err *e)
{
	ssize_t got = fd < 0 ? 0 : pread(fd, buffer, size, offset);

	return got < 0 ? fail(e, errno, "the bytes cannot be read") : got;
}

static ssize_t object_read(struct tree *tree, const struct caller *caller,
			   uint64_t number, char *buffer, size_t size,
			   off_t offset, struct err *e)
{
	scoped_fd int fd = open_object(tree, number);

	(void)caller;
	return read_part(fd, buffer, size, offset, e);
}

static off_t object_size(struct tree *tree, uint64_t number)
{
	const struct upload *upload;
	off_t size = 0;

	pthread_mutex_lock(&tree->lock);
	upload = upload_at(tree, number);
	if (upload && upload->content)
		size = (off_t)upload->content->size;
	pthread_mutex_unlock(&tree->lock);
	return size;
}

/* An address may begin before what is read and end after it. */
enum { AROUND = 32 };

static ssize_t log_read(struct tree *tree, const struct caller *caller,
			uint64_t number, char *buffer, size_t size,
			off_t offset, struct err *e)
{
	scoped_fd int fd = open_log(tree, number);
	size_t before = offset < AROUND ? (size_t)offset : AROUND;
	scoped_free char *wide = malloc(before + size + AROUND);
	ssize_t got;

	if (!wide)
		return fail(e, ENOMEM, "no memory");
	got = read_part(fd, wide, before + size + AROUND,
			offset - (off_t)before, e);
	if (got <= (ssize_t)before)
		return got < 0 ? got : 0;
	addresses_hide(wide, (size_t)got, caller);
	got -= (ssize_t)before;
	if ((size_t)got > size)
		got = (ssize_t)size;
	memcpy(buffer, wide + before, (size_t)got);
	return got;
}

static off_t log_size(struct tree *tree, uint64_t number)
{
	scoped_fd int fd = open_log(tree, number);
	struct stat st;

	return fd < 0 || fstat(fd, &st) ? 0 : st.st_size;
}

const struct byte_file object_file = {
	.write = object_write,
	.resize = object_resize,
	.put = object_replace,
	.read = object_read,
	.size = object_size,
};

const struct byte_file log_file = {
	.read = log_read,
	.size = log_size,
};

int show_bytes(const struct file *row, const struct view *view, FILE *out,
	       struct err *e)
{
	uint64_t number = node_number(view->node.area, view->node.object,
				      view->node.slot);
	char part[4096];
	off_t offset = 0;
	ssize_t got;

	do {
		got = row->bytes->read(view->tree, view->caller, number, part,
				       sizeof(part), offset, e);
		if (got > 0)
			fwrite(part, 1, (size_t)got, out);
		offset += got;
	} while (got > 0);
	return (int)got;
}
