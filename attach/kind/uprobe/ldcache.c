// SPDX-License-Identifier: BSD-2-Clause
/*
 * ldcache.c - /etc/ld.so.cache, by which the dynamic linker finds libraries.
 *
 * glibc, sysdeps/generic/dl-cache.h, struct cache_file_new: a header of 48
 * bytes, then entries of 24, then their strings, whose offsets count from the
 * header.  An older table may stand before it, up to glibc 2.31.  The file is
 * of the user's root directory, so nothing in it is believed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attach/kind/uprobe/binary.h"
#include "scope.h"
#include "usdt/elf/native.h"

#define CACHE_PATH  "/etc/ld.so.cache"
#define CACHE_MAGIC "glibc-ld.so.cache1.1"

enum {
	CACHE_BYTES = 1 << 24,
	CACHE_HEADER = 48,
};

struct cache_entry {
	uint32_t flags;
	uint32_t key, value; /* strings */
	uint32_t os_version;
	uint64_t hwcap;
};

struct cache {
	char *text; /* a NUL behind it */
	size_t size;
	size_t start; /* of the header */
};

static bool read_all(int fd, char *text, size_t size)
{
	ssize_t got;
	size_t have = 0;

	while (have < size) {
		got = pread(fd, text + have, size - have, (off_t)have);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		have += (size_t)got;
	}
	text[size] = '\0';
	return true;
}

static bool cache_load(struct cache *cache, const struct opener *opener)
{
	struct err ignored;
	struct stat st;
	char *magic;
	scoped_fd int fd = opener->open(
		opener->ctx, CACHE_PATH,
		O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, &ignored);

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size < CACHE_HEADER || st.st_size > CACHE_BYTES)
		return false;
	cache->size = (size_t)st.st_size;
	cache->text = malloc(cache->size + 1);
	if (!cache->text || !read_all(fd, cache->text, cache->size))
		return false;
	magic = memmem(cache->text, cache->size, CACHE_MAGIC,
		       strlen(CACHE_MAGIC));
	if (!magic)
		return false;
	cache->start = (size_t)(magic - cache->text);
	return cache->size - cache->start >= CACHE_HEADER;
}

static const char *cache_string(const struct cache *cache, uint32_t offset)
{
	if (offset >= cache->size - cache->start)
		return "";
	return cache->text + cache->start + offset;
}

/* Calls each() for the entries of this machine until it returns false. */
static void cache_walk(const struct cache *cache,
		       bool (*each)(void *ctx, const char *name,
				    const char *path),
		       void *ctx)
{
	const char *entries = cache->text + cache->start + CACHE_HEADER;
	size_t room = cache->size - cache->start - CACHE_HEADER, i;
	struct cache_entry entry;
	uint32_t count;

	memcpy(&count, cache->text + cache->start + strlen(CACHE_MAGIC),
	       sizeof(count));
	for (i = 0; i < count && i < room / sizeof(entry); i++) {
		memcpy(&entry, entries + i * sizeof(entry), sizeof(entry));
		if (entry.flags == machine_native()->cache_flags &&
		    !each(ctx, cache_string(cache, entry.key),
			  cache_string(cache, entry.value)))
			return;
	}
}

struct exact {
	const char *library;
	char *path; /* a copy */
};

static bool take_exact(void *ctx, const char *name, const char *path)
{
	struct exact *exact = ctx;

	if (strcmp(name, exact->library) != 0)
		return true;
	if (*path == '/')
		exact->path = strdup(path);
	return false;
}

char *ldcache_find(const char *library, const struct opener *opener)
{
	struct cache cache = { .text = NULL };
	struct exact exact = { .library = library };

	if (cache_load(&cache, opener))
		cache_walk(&cache, take_exact, &exact);
	free(cache.text);
	return exact.path;
}

struct similar {
	const char *name;
	struct ldcache_match *matches;
	size_t count;
};

static bool is_version_of(const char *name, const char *library)
{
	size_t length = strlen(name);

	if (strncmp(library, name, length) != 0 ||
	    strncmp(library + length, ".so", 3) != 0)
		return false;
	return library[length + 3] == '\0' || library[length + 3] == '.';
}

/* The first of a name is the one that the linker takes. */
static bool take_similar(void *ctx, const char *name, const char *path)
{
	struct similar *s = ctx;
	struct ldcache_match *match;
	size_t i;

	if (*path != '/' || !is_version_of(s->name, name))
		return true;
	for (i = 0; i < s->count && i < LDCACHE_MATCHES; i++)
		if (strcmp(s->matches[i].name, name) == 0)
			return true;
	if (s->count < LDCACHE_MATCHES) {
		match = &s->matches[s->count];
		match->name = strdup(name);
		match->path = strdup(path);
		if (!match->name || !match->path)
			return false;
	}
	s->count++;
	return true;
}

size_t ldcache_match(const char *name, const struct opener *opener,
		     struct ldcache_match matches[LDCACHE_MATCHES])
{
	struct similar similar = { .name = name, .matches = matches };
	struct cache cache = { .text = NULL };

	memset(matches, 0, LDCACHE_MATCHES * sizeof(*matches));
	if (cache_load(&cache, opener))
		cache_walk(&cache, take_similar, &similar);
	free(cache.text);
	return similar.count;
}

void ldcache_clear(struct ldcache_match matches[LDCACHE_MATCHES])
{
	size_t i;

	for (i = 0; i < LDCACHE_MATCHES; i++) {
		free(matches[i].name);
		free(matches[i].path);
	}
}
