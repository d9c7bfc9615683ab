/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sample.h - the library of tests/data, copies of it, and what is in them.
 *
 * Everything is in a directory of its own, from sample_make() to sample_end().
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "tests/unit/check.h"
#include "usdt/elf/image.h"

static char dir[] = "/tmp/probefs-image-XXXXXX";
static char debug_path[128];

static inline void run(const char *command, ...)
	__attribute__((format(printf, 1, 2)));

static inline void run(const char *command, ...)
{
	char line[1024];
	va_list args;

	va_start(args, command);
	vsnprintf(line, sizeof(line), command, args);
	va_end(args);
	if (system(line)) {
		printf("cannot run: %s\n", line);
		exit(1);
	}
}

/* Until the next call. */
static inline const char *at(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

struct sought {
	const char *name, *version;
	int count;
	bool debug;
	uint64_t offset;
};

static inline int seek(void *ctx, const struct image_symbol *s)
{
	struct sought *sought = ctx;

	if (strcmp(s->name, sought->name) != 0 ||
	    (sought->version &&
	     (!s->version || strcmp(s->version, sought->version) != 0)))
		return 0;
	sought->count++;
	sought->debug = s->debug;
	sought->offset = s->in_text ? s->offset : 0;
	return 0;
}

static inline int open_debug(const void *ctx, const char *wanted)
{
	(void)ctx;
	(void)wanted;
	return open(debug_path, O_RDONLY | O_CLOEXEC);
}

/* The errno of opening, or of reading the symbols; or how many were found. */
static inline void try_symbol(const char *what, const char *file,
			      const char *name, const char *version, bool debug,
			      const char *want)
{
	struct sought sought = { .name = name, .version = version };
	struct image *image = NULL;
	struct err e = { .code = 0 };
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char got[256];

	if (!image_open(fd, &image, &e) && debug)
		image_set_debug_opener(image, open_debug, NULL, file);
	if (image)
		image_symbols(image, seek, &sought, &e);
	if (e.code)
		snprintf(got, sizeof(got), "%s", errno_name(e.code));
	else
		snprintf(got, sizeof(got), "%d%s%s", sought.count,
			 sought.debug ? " debug" : "",
			 sought.offset ? " text" : "");
	check_text(what, want, got);
	image_close(image);
	if (fd >= 0)
		close(fd);
}

static inline void sample_make(void)
{
	if (!mkdtemp(dir))
		exit(1);
	run("${CC:-cc} -O1 -fPIC -shared -Wl,--version-script=tests/data/"
	    "elf.map -o %s/elf.so tests/data/elf.c tests/data/elf2.c",
	    dir);
}

static inline void sample_end(void)
{
	run("rm -r %s", dir);
}

#endif
