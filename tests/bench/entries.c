// SPDX-License-Identifier: BSD-2-Clause
/*
 * entries.c - a map with many pairs, and reading them.
 *
 * entries fill PIN PAIRS: of 32 and 64 bits.
 * entries read PIN: reads all as text, by the code of the file `entries`; prints
 * milliseconds, and the largest resident size in KiB.
 */
#include <bpf/bpf.h>
#include <stdint.h>
#include <sys/resource.h>

#include "attach/kernel/map/map.h"
#include "tests/bench/bench.h"

enum { BATCH = 10000 };

static void fill(int fd, long pairs)
{
	static uint64_t values[BATCH];
	static uint32_t keys[BATCH];
	long done;
	uint32_t i, count;

	for (done = 0; done < pairs; done += count) {
		count = pairs - done < BATCH ? (uint32_t)(pairs - done) : BATCH;
		for (i = 0; i < count; i++) {
			keys[i] = (uint32_t)done + i;
			values[i] = (uint64_t)keys[i] * 1000003;
		}
		if (bpf_map_update_batch(fd, keys, values, &count, NULL))
			err(1, "update");
	}
}

static void read_all(int fd)
{
	static char buffer[128 << 10];
	struct map_reader *reader;
	struct rusage usage;
	double start = now();
	struct err e;
	ssize_t got;

	if (map_reader_open(fd, &reader, &e))
		errx(1, "%s", e.text);
	while ((got = map_reader_read(reader, buffer, sizeof(buffer), &e)) > 0)
		continue;
	if (got)
		errx(1, "%s", e.text);
	map_reader_close(reader);
	getrusage(RUSAGE_SELF, &usage);
	printf("%.1f %ld\n", (now() - start) / 1e3, usage.ru_maxrss);
}

int main(int argc, char **argv)
{
	int fd = argc > 2 ? bpf_obj_get(argv[2]) : -1;

	if (fd < 0)
		errx(1, "usage: entries fill PIN PAIRS|read PIN");
	if (argc == 4)
		fill(fd, number(argv[3]));
	else
		read_all(fd);
	return 0;
}
