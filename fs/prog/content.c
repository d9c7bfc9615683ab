// SPDX-License-Identifier: BSD-2-Clause
/* content.c - the bytes of an object file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "fs/prog/content.h"
#include "scope.h"

enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

struct content *content_make(uint64_t serial)
{
	struct content *content = calloc(1, sizeof(*content));

	if (!content)
		return NULL;
	content->holders = 1;
	content->serial = serial;
	content->fd = memfd_create("object", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (content->fd >= 0)
		return content;
	free(content);
	return NULL;
}

static int copy_bytes(int to, int from, size_t size)
{
	off_t offset = 0;
	ssize_t did;

	while ((size_t)offset < size) {
		did = sendfile(to, from, &offset, size - (size_t)offset);
		if (did <= 0)
			return did ? -errno : -EIO;
	}
	return 0;
}

struct content *content_copy(const struct content *content, uint64_t serial)
{
	struct content *copy = content_make(serial);

	if (!copy)
		return NULL;
	if (copy_bytes(copy->fd, content->fd, content->size)) {
		content_put(copy);
		return NULL;
	}
	copy->size = content->size;
	return copy;
}

struct content *content_hold(struct content *content)
{
	if (content)
		__atomic_add_fetch(&content->holders, 1, __ATOMIC_RELAXED);
	return content;
}

void content_put(struct content *content)
{
	if (!content ||
	    __atomic_sub_fetch(&content->holders, 1, __ATOMIC_ACQ_REL))
		return;
	fd_close(content->fd);
	free(content);
}

int content_write(struct content *content, const char *data, size_t size,
		  off_t offset)
{
	ssize_t did;

	while (size) {
		did = pwrite(content->fd, data, size, offset);
		if (did <= 0)
			return did ? -errno : -EIO;
		data += did;
		size -= (size_t)did;
		offset += did;
		if ((size_t)offset > content->size)
			content->size = (size_t)offset;
	}
	return 0;
}

int content_resize(struct content *content, off_t size)
{
	if (ftruncate(content->fd, size))
		return -errno;
	content->size = (size_t)size;
	return 0;
}

int content_seal(struct content *content)
{
	if (!content->sealed && fcntl(content->fd, F_ADD_SEALS, SEALS))
		return -errno;
	content->sealed = true;
	return 0;
}

/* Not shared: until Linux 6.7 nobody shares what is sealed, not even to read. */
static void *map(const struct content *content)
{
	void *bytes = mmap(NULL, content->size, PROT_READ, MAP_PRIVATE,
			   content->fd, 0);

	return bytes == MAP_FAILED ? NULL : bytes;
}

bool content_equal(const struct content *a, const struct content *b)
{
	void *one, *other;
	bool same;

	if (a == b)
		return true;
	if (!a || !b || a->size != b->size)
		return false;
	if (!a->size)
		return true;
	one = map(a);
	other = map(b);
	same = one && other && !memcmp(one, other, a->size);
	if (one)
		munmap(one, a->size);
	if (other)
		munmap(other, b->size);
	return same;
}
