// SPDX-License-Identifier: BSD-2-Clause
/* stream.c - the runs of open files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/attached.h"
#include "fs/stream.h"
#include "fs/user/owner.h"
#include "scope.h"

struct stream {
	LIST_ENTRY(stream) entry;
	uint64_t fh;
	uint64_t of; /* the serial number of what is attached; 0: nothing is */
	uid_t owner;
	int fd; /* owned */
	char *last; /* what the last read brought; owned */
	size_t nlast;
	off_t next; /* where in the file the run is, behind that */
};

static void stream_free(struct stream *stream)
{
	fd_close(stream->fd);
	free(stream->last);
	free(stream);
}

static struct stream *find(struct tree *tree, uint64_t fh)
{
	struct stream *stream;

	LIST_FOREACH(stream, &tree->streams, entry)
		if (stream->fh == fh)
			break;
	return stream;
}

/* With the lock held. */
static int has_room(struct tree *tree, uid_t owner, struct err *e)
{
	const struct stream *stream;
	size_t all = 0, own = 0;

	LIST_FOREACH(stream, &tree->streams, entry) {
		all++;
		own += stream->owner == owner;
	}
	if (owner && own >= STREAMS_SHARE)
		return fail(
			e, EMFILE,
			"you have %zu outputs open, and may have no more; close one",
			own);
	if (all >= (owner ? STREAMS_TOTAL - STREAMS_ROOT : STREAMS_TOTAL))
		return fail(e, ENFILE,
			    "too many outputs are open; try again later");
	return 0;
}

/* The probe's, held for a while; NULL when there is none. */
static struct attached *hold(struct tree *tree, uint64_t number)
{
	struct attached *attached = NULL;
	struct probe *probe;

	pthread_mutex_lock(&tree->lock);
	probe = tree_find(tree, number);
	if (probe)
		attached = attached_get(probe);
	pthread_mutex_unlock(&tree->lock);
	return attached;
}

static int make_run(struct tree *tree, uint64_t number, struct stream *stream,
		    struct err *e)
{
	struct attached *attached = hold(tree, number);

	stream->fd = -1;
	if (!attached)
		return 0;
	stream->of = attached->serial;
	stream->fd = attachment_open_output(attached->attachment, e);
	attached_put(tree, attached);
	return stream->fd < 0 ? stream->fd : 0;
}

int stream_open(struct tree *tree, uint64_t number, uint64_t fh, uid_t uid,
		struct err *e)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	int err;

	if (!stream)
		return fail(e, ENOMEM, "no memory");
	owner_refresh();
	stream->fh = fh;
	stream->owner = owner_of(uid);
	err = make_run(tree, number, stream, e);
	if (err) {
		free(stream);
		return err;
	}
	pthread_mutex_lock(&tree->lock);
	err = has_room(tree, stream->owner, e);
	if (!err)
		LIST_INSERT_HEAD(&tree->streams, stream, entry);
	pthread_mutex_unlock(&tree->lock);
	if (err)
		stream_free(stream);
	return err;
}

/* The last close of a run may free programs and maps: without the lock. */
void stream_close(struct tree *tree, uint64_t fh)
{
	struct stream *stream;

	pthread_mutex_lock(&tree->lock);
	stream = find(tree, fh);
	if (stream)
		LIST_REMOVE(stream, entry);
	pthread_mutex_unlock(&tree->lock);
	if (stream)
		stream_free(stream);
}

/* Again what the last read brought, from that place on; 0: nothing of it. */
static ssize_t read_again(const struct stream *stream,
			  const struct stream_part *part, struct err *e)
{
	off_t back = stream->next - part->offset;
	size_t count = (size_t)back < part->size ? (size_t)back : part->size;

	if (!back)
		return 0;
	if (back < 0 || (size_t)back > stream->nlast)
		return fail(
			e, ESPIPE,
			"a run can only be read on; open the file again for another");
	memcpy(part->buffer, stream->last + stream->nlast - back, count);
	return (ssize_t)count;
}

/*
 * What is left of the last read, or 0 and a copy of the descriptor of fh's run,
 * if that is of what is attached.
 */
static ssize_t take_run(struct tree *tree, uint64_t fh,
			const struct attached *attached,
			const struct stream_part *part, int *fd, struct err *e)
{
	const struct stream *stream;
	ssize_t got;

	pthread_mutex_lock(&tree->lock);
	stream = find(tree, fh);
	if (stream && !stream->of)
		got = fail(
			e, ENODATA,
			"nothing is attached that could be run; write a program to 'attach'");
	else if (stream && attached && stream->of == attached->serial)
		got = read_again(stream, part, e);
	else
		got = fail(
			e, ENODEV,
			"the program of this run was detached; open the file again");
	if (!got)
		*fd = fcntl(stream->fd, F_DUPFD_CLOEXEC, 0);
	pthread_mutex_unlock(&tree->lock);
	if (!got && *fd < 0)
		got = fail(e, errno, "no descriptor is left for the run");
	return got;
}

static void remember(struct tree *tree, uint64_t fh,
		     const struct stream_part *part, size_t got)
{
	char *copy = malloc(got);
	struct stream *stream;

	if (copy)
		memcpy(copy, part->buffer, got);
	pthread_mutex_lock(&tree->lock);
	stream = find(tree, fh);
	if (stream) {
		free(stream->last);
		stream->last = take(copy);
		stream->nlast = stream->last ? got : 0;
		stream->next += (off_t)got;
	}
	pthread_mutex_unlock(&tree->lock);
	free(copy);
}

ssize_t stream_read(struct tree *tree, uint64_t number, uint64_t fh,
		    const struct stream_part *part, struct err *e)
{
	struct attached *attached = hold(tree, number);
	scoped_fd int fd = -1;
	ssize_t got = take_run(tree, fh, attached, part, &fd, e);

	if (!got) {
		got = attachment_read_output(fd, part->buffer, part->size, e);
		if (got > 0)
			remember(tree, fh, part, (size_t)got);
	}
	attached_put(tree, attached);
	return got;
}

void streams_free(struct tree *tree)
{
	while (!LIST_EMPTY(&tree->streams))
		stream_close(tree, LIST_FIRST(&tree->streams)->fh);
}
