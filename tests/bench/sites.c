// SPDX-License-Identifier: BSD-2-Clause
/*
 * sites.c - attaching a program to many functions, and detaching it.
 *
 * sites DIR PROGRAM ROUNDS makes the probe DIR, writes PROGRAM to its file
 * attach and removes it again; prints the medians of the write and of the
 * rmdir in microseconds.
 */
#include <limits.h>
#include <sys/stat.h>

#include "tests/bench/bench.h"

int main(int argc, char **argv)
{
	struct series attaching = { 0 }, detaching = { 0 };
	char attach[PATH_MAX];
	double start;
	long rounds;

	if (argc != 4)
		errx(2, "usage: sites DIR PROGRAM ROUNDS");
	must_fit(snprintf(attach, sizeof(attach), "%s/attach", argv[1]),
		 sizeof(attach));
	for (rounds = number(argv[3]); rounds > 0; rounds--) {
		if (mkdir(argv[1], 0755))
			err(1, "mkdir %s", argv[1]);
		start = now();
		put(attach, argv[2]);
		series_add(&attaching, now() - start);
		start = now();
		if (rmdir(argv[1]))
			err(1, "rmdir %s", argv[1]);
		series_add(&detaching, now() - start);
	}
	printf("%.1f %.1f\n", median(&attaching), median(&detaching));
	return 0;
}
