// SPDX-License-Identifier: BSD-2-Clause
/*
 * entries.c - a map with many pairs, and reading them.
 *
 * entries fill OBJECT PIN PAIRS: pins the map `many` of maps.bpf.o, filled.
 * entries fill-pinned PIN PAIRS: fills one that is there.
 * entries read PIN: reads all as text, by the code of the file `entries`; prints
 * milliseconds, and the largest resident size in KiB.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
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

static int made(const char *path, long pairs)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct bpf_object *object = bpf_object__open(path);
	struct bpf_map *many;

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	many = object ? bpf_object__find_map_by_name(object, "many") : NULL;
	if (!many || bpf_map__set_max_entries(many, (uint32_t)pairs))
		errx(1, "%s", path);
	if (bpf_object__load(object))
		errx(1, "%s: load", path);
	return bpf_map__fd(many);
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
	int fd;

	if (argc == 5 && !strcmp(argv[1], "fill")) {
		fd = made(argv[2], number(argv[4]));
		fill(fd, number(argv[4]));
		if (bpf_obj_pin(fd, argv[3]))
			err(1, "%s", argv[3]);
		return 0;
	}
	fd = argc > 2 ? bpf_obj_get(argv[2]) : -1;
	if (fd < 0)
		errx(1,
		     "usage: entries fill OBJECT PIN PAIRS|fill-pinned PIN PAIRS|read PIN");
	if (argc == 4 && !strcmp(argv[1], "fill-pinned"))
		fill(fd, number(argv[3]));
	else
		read_all(fd);
	return 0;
}
