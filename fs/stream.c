// SPDX-License-Identifier: BSD-2-Clause
/* stream.c - the runs of open files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/stream.h"
#include "fs/stream_run.h"
#include "fs/tree/files.h"
#include "fs/user/owner.h"

struct stream {
	LIST_ENTRY(stream) entry;
	uint64_t fh;
	uid_t owner;
	unsigned int holders; /* the list, and reads under way */
	const struct stream_source *source;
	void *run; /* the source's; owned */
	char *last; /* what the last read brought; owned */
	size_t nlast;
	off_t next; /* where in the file the run is, behind that */
};

/* The last close of a run may free programs and maps: without the lock. */
static void stream_put(struct tree *tree, struct stream *stream)
{
	bool last;

	pthread_mutex_lock(&tree->lock);
	last = !--stream->holders;
	pthread_mutex_unlock(&tree->lock);
	if (!last)
		return;
	stream->source->close(stream->run);
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

static const struct stream_source *source_of(uint64_t number)
{
	struct file file;

	return file_of(node_of(number), &file) && file.source ? file.source
							      : &stream_run;
}

int stream_open(struct tree *tree, const struct caller *caller, uint64_t number,
		uint64_t fh, struct err *e)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	int err;

	if (!stream)
		return fail(e, ENOMEM, "no memory");
	owner_refresh();
	stream->fh = fh;
	stream->owner = owner_of(caller->uid);
	stream->holders = 1;
	stream->source = source_of(number);
	err = stream->source->open(tree, caller, number, &stream->run, e);
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
		stream_put(tree, stream);
	return err;
}

void stream_close(struct tree *tree, uint64_t fh)
{
	struct stream *stream;

	pthread_mutex_lock(&tree->lock);
	stream = find(tree, fh);
	if (stream)
		LIST_REMOVE(stream, entry);
	pthread_mutex_unlock(&tree->lock);
	if (stream)
		stream_put(tree, stream);
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

/* What is left of the last read, or 0 and the run, held. */
static ssize_t take_run(struct tree *tree, uint64_t fh,
			const struct stream_part *part, struct stream **out,
			struct err *e)
{
	struct stream *stream;
	ssize_t got;

	pthread_mutex_lock(&tree->lock);
	stream = find(tree, fh);
	got = stream ? read_again(stream, part, e)
		     : fail(e, ENOENT, "the file is closed");
	if (!got) {
		stream->holders++;
		*out = stream;
	}
	pthread_mutex_unlock(&tree->lock);
	return got;
}

static void remember(struct tree *tree, struct stream *stream,
		     const struct stream_part *part, size_t got)
{
	char *copy = malloc(got);

	if (copy)
		memcpy(copy, part->buffer, got);
	pthread_mutex_lock(&tree->lock);
	free(stream->last);
	stream->last = copy;
	stream->nlast = copy ? got : 0;
	stream->next += (off_t)got;
	pthread_mutex_unlock(&tree->lock);
}

ssize_t stream_read(struct tree *tree, uint64_t number, uint64_t fh,
		    const struct stream_part *part, struct err *e)
{
	struct stream *stream;
	ssize_t got = take_run(tree, fh, part, &stream, e);

	if (got)
		return got;
	got = stream->source->read(tree, number, stream->run, part->buffer,
				   part->size, e);
	if (got > 0)
		remember(tree, stream, part, (size_t)got);
	stream_put(tree, stream);
	return got;
}

void streams_free(struct tree *tree)
{
	while (!LIST_EMPTY(&tree->streams))
		stream_close(tree, LIST_FIRST(&tree->streams)->fh);
}
