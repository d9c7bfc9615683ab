// SPDX-License-Identifier: BSD-2-Clause
/*
 * reads.c - reading one file against reading another.
 *
 * reads FILE OTHER ROUNDS prints the medians in microseconds of opening,
 * reading to the end and closing each, in turns.
 */
#include "tests/bench/bench.h"

static double timed_cat(const char *path)
{
	double start = now();

	cat(path);
	return now() - start;
}

int main(int argc, char **argv)
{
	struct series ours = { 0 }, reference = { 0 };
	long rounds;

	if (argc != 4)
		errx(2, "usage: reads FILE OTHER ROUNDS");
	for (rounds = number(argv[3]); rounds > 0; rounds--) {
		series_add(&ours, timed_cat(argv[1]));
		series_add(&reference, timed_cat(argv[2]));
	}
	printf("%.2f %.2f\n", median(&ours), median(&reference));
	return 0;
}
