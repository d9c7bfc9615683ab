// SPDX-License-Identifier: BSD-2-Clause
/*
 * many.c - how a directory with many probes compares to one with few.
 *
 * many FULL EMPTY: two directories of probes, of two mounts, the first to be
 * filled.  Prints a line each, with the medians in microseconds of the best
 * round, the full one's first: mkdir (the last THOUSAND against the first),
 * stat and read of a probe's file, ls by entry.
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
	ROUNDS = 30, /* in each of which FEW probes are looked at */
	LISTINGS = 7, /* rounds of one */
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

static double timed_ls(const char *dir, int i)
{
	double start = now();
	DIR *stream = opendir(dir);
	size_t count = 0;

	(void)i;
	if (!stream)
		err(1, "%s", dir);
	while (readdir(stream))
		count++;
	closedir(stream);
	return (now() - start) / (double)count;
}

/* Probes first, first + step, ...: one of the two that are compared. */
struct side {
	const char *dir;
	int first, step, count;
	double best; /* round's median, 0 before the first */
};

/*
 * The best of the rounds, not all of them together: where the scheduler puts a
 * daemon and its reader makes a difference of two, and stays for rounds.
 */
static void side_add(struct side *side, struct series *round)
{
	double middle = median(round);

	if (!side->best || middle < side->best)
		side->best = middle;
	free(round->times);
}

static void side_time(struct side *side,
		      double (*timed)(const char *dir, int i))
{
	struct series round = { 0 };
	int i;

	for (i = 0; i < side->count; i++)
		series_add(&round,
			   timed(side->dir, side->first + i * side->step));
	side_add(side, &round);
}

/* Each is first in half of the rounds: the first finds the CPUs colder. */
static void compare(const char *name, double (*timed)(const char *dir, int i),
		    struct side full, struct side few, int rounds, int advance)
{
	int round;

	for (round = 0; round < rounds; round++) {
		side_time(round % 2 ? &few : &full, timed);
		side_time(round % 2 ? &full : &few, timed);
		full.first += advance;
		few.first += advance;
	}
	printf("%s %.3f %.3f\n", name, full.best, few.best);
}

int main(int argc, char **argv)
{
	struct side full, few;

	if (argc != 3)
		errx(2, "usage: many FULL EMPTY");
	fill(argv[1], 0, FULL - THOUSAND);
	full = (struct side){ argv[1], FULL - THOUSAND, 1, FEW, 0 };
	few = (struct side){ argv[2], 0, 1, FEW, 0 };
	compare("mkdir", timed_mkdir, full, few, THOUSAND / FEW, FEW);
	empty(argv[2], FEW, THOUSAND);
	/* As many of the full directory as of the other, from all over it. */
	full = (struct side){ argv[1], 0, FULL / FEW, FEW, 0 };
	compare("stat", timed_stat, full, few, ROUNDS, 0);
	compare("read", timed_read, full, few, ROUNDS, 0);
	fill(argv[2], FEW, TENTH);
	full.count = few.count = 1;
	compare("ls", timed_ls, full, few, LISTINGS, 0);
	return 0;
}
