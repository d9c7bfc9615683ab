/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bench.h - what the measuring programs share: clocks, medians and giving up.
 *
 * Two things are compared by doing them in turns, so that what else goes on in
 * the machine slows both down; the medians of the two series are the result.
 */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Times in microseconds. */
struct series {
	double *times;
	size_t count, room;
};

static inline double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static inline void series_add(struct series *series, double time)
{
	if (series->count == series->room) {
		series->room = series->room ? 2 * series->room : 64;
		series->times =
			reallocarray(series->times, series->room, sizeof(time));
		if (!series->times)
			err(1, "series");
	}
	series->times[series->count++] = time;
}

static inline int compare_times(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static inline double median(const struct series *series)
{
	qsort(series->times, series->count, sizeof(double), compare_times);
	return series->times[series->count / 2];
}

static inline long number(const char *text)
{
	char *end;
	long value = strtol(text, &end, 10);

	if (!*text || *end || value <= 0)
		errx(2, "not a number above 0: '%s'", text);
	return value;
}

/* A length as snprintf() returns it, of what must fit into size. */
static inline void must_fit(int length, size_t size)
{
	if (length < 0 || (size_t)length >= size)
		errx(1, "too long");
}

static inline void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err(1, "writing '%s' to %s", text, path);
	close(fd);
}

/* Opens, reads to the end, closes, as cat(1) does. */
static inline void cat(const char *path)
{
	char buffer[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		err(1, "%s", path);
	do
		length = read(fd, buffer, sizeof(buffer));
	while (length > 0);
	if (length < 0)
		err(1, "%s", path);
	close(fd);
}

#endif
