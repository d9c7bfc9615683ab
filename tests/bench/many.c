// SPDX-License-Identifier: BSD-2-Clause
/*
 * many.c - how a directory with many probes compares to one with few.
 *
 * many FULL EMPTY: two directories of probes, of two mounts, the first to be
 * filled.  Prints a line each, with two medians in microseconds, the full one's
 * first: mkdir (the last THOUSAND against the first), stat and read of a
 * probe's file, ls by entry.
 */
#include <dirent.h>
#include <limits.h>
#include <sys/stat.h>

#include "tests/bench/bench.h"

enum {
	FULL = 100000,
	THOUSAND = 1000,
	FEW = 100,
	TENTH = FULL / 10,
	TURNS = 30, /* of the FEW probes that are looked at */
	LISTINGS = 7,
};

static char path[PATH_MAX];

/* Names as probes of libraries have them. */
static const char *probe_path(const char *dir, int i, const char *file)
{
	must_fit(snprintf(path, sizeof(path),
			  "%s/libexample.so.6:function_%06d%s", dir, i, file),
		 sizeof(path));
	return path;
}

static double timed_mkdir(const char *dir, int i)
{
	const char *name = probe_path(dir, i, "");
	double start = now();

	if (mkdir(name, 0755))
		err(1, "mkdir %s", name);
	return now() - start;
}

static void fill(const char *dir, int first, int end)
{
	for (; first < end; first++)
		timed_mkdir(dir, first);
}

static void empty(const char *dir, int first, int end)
{
	for (; first < end; first++)
		if (rmdir(probe_path(dir, first, "")))
			err(1, "rmdir %s", path);
}

static double timed_stat(const char *dir, int i)
{
	const char *name = probe_path(dir, i, "/symbol");
	struct stat attr;
	double start = now();

	if (stat(name, &attr))
		err(1, "stat %s", name);
	return now() - start;
}

static double timed_read(const char *dir, int i)
{
	const char *name = probe_path(dir, i, "/symbol");
	double start = now();

	cat(name);
	return now() - start;
}

static double timed_ls(const char *dir)
{
	double start = now();
	DIR *stream = opendir(dir);
	size_t count = 0;

	if (!stream)
		err(1, "%s", dir);
	while (readdir(stream))
		count++;
	closedir(stream);
	return (now() - start) / (double)count;
}

static void result(const char *name, const struct series *full,
		   const struct series *few)
{
	printf("%s %.3f %.3f\n", name, median(full), median(few));
}

static void compare_mkdir(const char *full_dir, const char *empty_dir)
{
	struct series full = { 0 }, few = { 0 };
	int i;

	for (i = 0; i < THOUSAND; i++) {
		series_add(&full, timed_mkdir(full_dir, FULL - THOUSAND + i));
		series_add(&few, timed_mkdir(empty_dir, i));
	}
	result("mkdir", &full, &few);
}

/* As many of the full directory as of the other, from all over it. */
static void compare(const char *name, double (*timed)(const char *dir, int i),
		    const char *full_dir, const char *few_dir)
{
	struct series full = { 0 }, few = { 0 };
	int turn, i;

	for (turn = 0; turn < TURNS; turn++)
		for (i = 0; i < FEW; i++) {
			series_add(&full, timed(full_dir, i * (FULL / FEW)));
			series_add(&few, timed(few_dir, i));
		}
	result(name, &full, &few);
}

static void compare_ls(const char *full_dir, const char *tenth_dir)
{
	struct series full = { 0 }, tenth = { 0 };
	int i;

	for (i = 0; i < LISTINGS; i++) {
		series_add(&full, timed_ls(full_dir));
		series_add(&tenth, timed_ls(tenth_dir));
	}
	result("ls", &full, &tenth);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		errx(2, "usage: many FULL EMPTY");
	fill(argv[1], 0, FULL - THOUSAND);
	compare_mkdir(argv[1], argv[2]);
	empty(argv[2], FEW, THOUSAND);
	compare("stat", timed_stat, argv[1], argv[2]);
	compare("read", timed_read, argv[1], argv[2]);
	fill(argv[2], FEW, TENTH);
	compare_ls(argv[1], argv[2]);
	return 0;
}
