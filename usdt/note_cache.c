// SPDX-License-Identifier: BSD-2-Clause
/* note_cache.c - the static probes of files, read once for each version. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <time.h>

#include "usdt/note_cache.h"

enum {
	TRIES = 4,
	/*
	 * File times move by the timer's tick, at most 10 ms apart (HZ=100):
	 * kernel/time/timekeeping.c, ktime_get_coarse_real_ts64().
	 */
	TICKS_NS = 50 * 1000 * 1000,
};

struct version {
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime, ctime;
};

enum state {
	READING,
	READY,
	FAILED, /* error says why; no longer in the list */
};

struct entry {
	struct index_file file; /* first: what index_put() is given */
	TAILQ_ENTRY(entry) link;
	struct version version;
	struct notes *notes;
	struct err error;
	enum state state;
	size_t bytes;
	unsigned int refs;
	bool listed;
};

struct index {
	pthread_mutex_t lock; /* of all that follows and of all entries */
	pthread_cond_t read; /* an entry is no longer READING */
	TAILQ_HEAD(entry_list, entry)
	entries; /* what was asked for last comes first */
	size_t limit;
	struct index_stats stats;
};

struct index *index_make(size_t limit)
{
	struct index *index = calloc(1, sizeof(*index));

	if (!index)
		return NULL;
	pthread_mutex_init(&index->lock, NULL);
	pthread_cond_init(&index->read, NULL);
	TAILQ_INIT(&index->entries);
	index->limit = limit;
	return index;
}

static void entry_free(struct entry *entry)
{
	notes_free(entry->notes);
	free(entry);
}

static void unlist_locked(struct index *index, struct entry *entry)
{
	if (!entry->listed)
		return;
	TAILQ_REMOVE(&index->entries, entry, link);
	entry->listed = false;
	index->stats.files--;
	index->stats.bytes -= entry->bytes;
}

void index_free(struct index *index)
{
	struct entry *entry;

	if (!index)
		return;
	while ((entry = TAILQ_FIRST(&index->entries))) {
		unlist_locked(index, entry);
		entry_free(entry);
	}
	pthread_cond_destroy(&index->read);
	pthread_mutex_destroy(&index->lock);
	free(index);
}

static bool is_over_locked(const struct index *index)
{
	return index->stats.bytes > index->limit ||
	       index->stats.files > INDEX_FILES;
}

static void shrink_locked(struct index *index)
{
	struct entry *entry, *before;

	entry = TAILQ_LAST(&index->entries, entry_list);
	for (; entry && is_over_locked(index); entry = before) {
		before = TAILQ_PREV(entry, entry_list, link);
		if (entry->refs > 0)
			continue;
		unlist_locked(index, entry);
		entry_free(entry);
	}
}

static void put_locked(struct index *index, struct entry *entry)
{
	if (--entry->refs > 0)
		return;
	if (!entry->listed)
		entry_free(entry);
	else
		shrink_locked(index);
}

static bool version_equal(const struct version *a, const struct version *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->mtime.tv_sec == b->mtime.tv_sec &&
	       a->mtime.tv_nsec == b->mtime.tv_nsec &&
	       a->ctime.tv_sec == b->ctime.tv_sec &&
	       a->ctime.tv_nsec == b->ctime.tv_nsec;
}

static int version_of(int fd, struct version *version, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail(e, errno, "cannot look at it: %s",
			    strerror(errno_clamp(errno)));
	*version = (struct version){
		.dev = st.st_dev,
		.ino = st.st_ino,
		.size = st.st_size,
		.mtime = st.st_mtim,
		.ctime = st.st_ctim,
	};
	return 0;
}

/* A change after now would show in the file's times. */
static bool is_settled(const struct version *version)
{
	struct timespec now;
	int64_t age;

	clock_gettime(CLOCK_REALTIME_COARSE, &now);
	age = ((int64_t)now.tv_sec - version->ctime.tv_sec) * 1000000000 +
	      now.tv_nsec - version->ctime.tv_nsec;
	return age > TICKS_NS;
}

static struct entry *find_locked(struct index *index,
				 const struct version *version)
{
	struct entry *entry;

	TAILQ_FOREACH(entry, &index->entries, link)
		if (version_equal(&entry->version, version))
			break;
	return entry;
}

static struct entry *add_locked(struct index *index,
				const struct version *version)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry)
		return NULL;
	entry->version = *version;
	entry->file.dev = version->dev;
	entry->file.ino = version->ino;
	entry->bytes = sizeof(*entry);
	entry->listed = true;
	TAILQ_INSERT_HEAD(&index->entries, entry, link);
	index->stats.files++;
	index->stats.bytes += entry->bytes;
	index->stats.reads++;
	return entry;
}

/* Reads the file; EAGAIN when it is then no longer the version. */
static int read_version(int fd, const struct version *version,
			struct notes **notes, struct err *e)
{
	struct version after;
	struct image *image;
	int r = image_open(fd, &image, e);

	if (!r) {
		r = notes_read(image, notes, e);
		image_close(image);
	}
	if (version_of(fd, &after, NULL) || version_equal(version, &after))
		return r;
	if (!r)
		notes_free(*notes);
	return fail(e, EAGAIN, "it changes while it is read");
}

/* The lock is held before and after, not between. */
static void read_entry(struct index *index, struct entry *entry, int fd)
{
	bool settled;
	int r;

	pthread_mutex_unlock(&index->lock);
	settled = is_settled(&entry->version);
	r = read_version(fd, &entry->version, &entry->notes, &entry->error);
	pthread_mutex_lock(&index->lock);
	if (r)
		entry->notes = NULL;
	if (r || !settled)
		unlist_locked(index, entry);
	entry->state = r ? FAILED : READY;
	entry->file.notes = entry->notes;
	if (entry->listed) {
		entry->bytes += entry->notes->bytes;
		index->stats.bytes += entry->notes->bytes;
		shrink_locked(index);
	}
	pthread_cond_broadcast(&index->read);
}

/* The version, read by us or by another thread; held even when FAILED. */
static struct entry *entry_get_locked(struct index *index,
				      const struct version *version, int fd)
{
	struct entry *entry = find_locked(index, version);

	if (!entry) {
		entry = add_locked(index, version);
		if (!entry)
			return NULL;
		entry->refs = 1;
		read_entry(index, entry, fd);
		return entry;
	}
	entry->refs++;
	while (entry->state == READING)
		pthread_cond_wait(&index->read, &index->lock);
	if (entry->listed) {
		TAILQ_REMOVE(&index->entries, entry, link);
		TAILQ_INSERT_HEAD(&index->entries, entry, link);
	}
	return entry;
}

static int get_once(struct index *index, int fd, const struct index_file **out,
		    struct err *e)
{
	struct version version;
	struct entry *entry;
	int r = version_of(fd, &version, e);

	if (r)
		return r;
	pthread_mutex_lock(&index->lock);
	entry = entry_get_locked(index, &version, fd);
	if (!entry) {
		r = fail(e, ENOMEM, "no memory for its probes");
	} else if (entry->state == FAILED) {
		if (e)
			*e = entry->error;
		r = -entry->error.code;
		put_locked(index, entry);
	} else {
		*out = &entry->file;
	}
	pthread_mutex_unlock(&index->lock);
	return r;
}

int index_get(struct index *index, int fd, const struct index_file **out,
	      struct err *e)
{
	int tries = TRIES, r;

	do
		r = get_once(index, fd, out, e);
	while (r == -EAGAIN && --tries > 0);
	return r;
}

void index_put(struct index *index, const struct index_file *file)
{
	struct entry *entry;

	if (!file)
		return;
	/* Made by us, and no constant: the caller alone may not write it. */
	entry = (struct entry *)(uintptr_t)file;
	pthread_mutex_lock(&index->lock);
	put_locked(index, entry);
	pthread_mutex_unlock(&index->lock);
}

struct index_stats index_stats(struct index *index)
{
	struct index_stats stats;

	pthread_mutex_lock(&index->lock);
	stats = index->stats;
	pthread_mutex_unlock(&index->lock);
	return stats;
}
