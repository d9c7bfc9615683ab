// SPDX-License-Identifier: BSD-2-Clause
/* builtin.c - the programs that come with probefs: which, and what they saw. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/program.h"
#include "attach/program/builtin.h"
#include "scope.h"

/* The object that clang made of count.bpf.c; aligned as ELF wants it. */
/* clang-format off */
__asm__(".section .rodata\n"
	".balign 16\n"
	".globl count_object, count_object_end\n"
	"count_object:\n"
	".incbin \"attach/program/count.bpf.o\"\n"
	"count_object_end:\n"
	".previous\n");
/* clang-format on */
extern const char count_object[], count_object_end[];

/* What of a program's tells that it is `count`: as in count.bpf.c. */
static const char count_program[] = "probefs_count";
static const char count_map[] = "probefs_hits";

/* The map of a loaded `count`: a descriptor, or -ENOENT when it is none. */
static int count_map_of(int fd)
{
	struct bpf_map_info info;
	struct program program;
	int map, err = program_info(fd, &program);

	if (err)
		return err;
	if (strcmp(program.name, count_program) != 0)
		return -ENOENT;
	map = program_map(fd, count_map, &info);
	if (map < 0)
		return map;
	if (info.type == BPF_MAP_TYPE_PERCPU_ARRAY &&
	    info.key_size == sizeof(uint32_t) &&
	    info.value_size == sizeof(uint64_t) && info.max_entries == 1)
		return map;
	fd_close(map);
	return -ENOENT;
}

/* The lines have fixed lengths, so that a file's size is what it was. */
static void print_counts(const uint64_t *counts, int cpus, FILE *out)
{
	uint64_t total = 0;
	int cpu;

	for (cpu = 0; cpu < cpus; cpu++)
		total += counts[cpu];
	fprintf(out, "total:\t%20" PRIu64 "\n", total);
	for (cpu = 0; cpu < cpus; cpu++)
		if (counts[cpu])
			fprintf(out, "cpu%d:\t%20" PRIu64 "\n", cpu,
				counts[cpu]);
}

static int count_show(int fd, FILE *out, struct err *e)
{
	int cpus = builtin_cpus();
	scoped_free uint64_t *counts = NULL;
	scoped_fd int map = count_map_of(fd);
	uint32_t key = 0;
	int err;

	if (map < 0)
		return fail(e, -map, "cannot read the counter: %s",
			    strerror(errno_clamp(-map)));
	if (cpus < 1)
		return fail(e, EIO, "cannot tell how many CPUs there are");
	counts = calloc((size_t)cpus, sizeof(*counts));
	if (!counts)
		return fail(e, ENOMEM, "no memory for the counters");
	err = bpf_map_lookup(map, &key, counts);
	if (err)
		return fail(e, -err, "cannot read the counter: %s",
			    strerror(errno_clamp(-err)));
	print_counts(counts, cpus, out);
	return 0;
}

const struct builtin builtins[] = {
	{
		.name = "count",
		.help = "counts the hits, in total and on each CPU",
		.file = "hits",
		.show = count_show,
		.object = count_object,
		.object_end = count_object_end,
	},
	{ 0 },
};

const struct builtin *builtin_find(const char *name)
{
	const struct builtin *b;

	for (b = builtins; b->name; b++)
		if (!strcmp(b->name, name))
			return b;
	return NULL;
}

const struct builtin *builtin_of(int fd)
{
	/* What is attached may be a map, of which other things are told. */
	scoped_fd int map = bpf_object_of(fd) == BPF_OBJECT_PROG
				    ? count_map_of(fd)
				    : -ENOENT;

	return map < 0 ? NULL : &builtins[0];
}
