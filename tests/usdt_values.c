// SPDX-License-Identifier: BSD-2-Clause
/*
 * usdt_values.c - what a program of bpf/usdt*.bpf.c has seen.
 *
 * usdt_values PIN prints a line for each cookie that it was hit with: the
 * cookie, the number of hits, and the arguments of the last, "!" for one that
 * could not be had.  usdt_values -s PIN prints how many specs its map holds.
 */
#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "tests/bpf/usdt_values.h"
#include "usdt/usdt_spec.h"

static void show(uint32_t cookie, const struct usdt_values *seen)
{
	int64_t i;

	printf("%" PRIu32 ": %" PRIu64, cookie, (uint64_t)seen->hits);
	for (i = 0; i < seen->count && i < USDT_ARGS; i++) {
		if (!seen->error[i])
			printf(" %" PRIx64, (uint64_t)seen->value[i]);
		else if (seen->error[i] == -EINVAL)
			fputs(" !", stdout);
		else
			printf(" !%" PRId64, (int64_t)seen->error[i]);
	}
	putchar('\n');
}

static int map_of(const char *pin, const char *name, struct bpf_map_info *info)
{
	int prog = bpf_get(pin, false), map;

	map = prog < 0 ? prog : program_map(prog, name, info);
	if (map < 0)
		errx(1, "%s: no program with a map '%s'", pin, name);
	return map;
}

static void show_values(const char *pin)
{
	struct usdt_values seen;
	struct bpf_map_info info;
	int map = map_of(pin, "values", &info);
	uint32_t cookie;

	for (cookie = 0; cookie < info.max_entries; cookie++)
		if (!bpf_map_lookup(map, &cookie, &seen) && seen.hits)
			show(cookie, &seen);
}

static void count_specs(const char *pin)
{
	static const struct usdt_spec zeros;
	struct bpf_map_info info;
	int map = map_of(pin, "__bpf_usdt_specs", &info);
	uint32_t id, count = 0;
	struct usdt_spec spec;

	for (id = 0; id < info.max_entries; id++)
		count += !bpf_map_lookup(map, &id, spec.bytes) &&
			 memcmp(spec.bytes, zeros.bytes, info.value_size) != 0;
	printf("%" PRIu32 "\n", count);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "-s"))
		count_specs(argv[2]);
	else if (argc == 2)
		show_values(argv[1]);
	else
		errx(2, "usage: usdt_values [-s] PIN");
	return 0;
}
