// SPDX-License-Identifier: BSD-2-Clause
/*
 * load.c - loads a program of an object and pins it.
 *
 * load OBJECT PROGRAM WAY PIN, where WAY says which links it shall be for.
 */
#include <bpf/libbpf.h>

#include "attach/kernel/abi.h"
#include "tests/bench/bench.h"

static const struct {
	const char *name;
	uint32_t attach_type;
} ways[] = {
	{ "perf", 0 },
	{ "kprobe_multi", BPF_TRACE_KPROBE_MULTI },
	{ "uprobe_multi", BPF_TRACE_UPROBE_MULTI },
	{ 0 },
};

static enum bpf_attach_type type_for(const char *way)
{
	size_t i = 0;

	while (ways[i].name && strcmp(ways[i].name, way) != 0)
		i++;
	if (!ways[i].name)
		errx(2, "no way '%s'", way);
	return (enum bpf_attach_type)ways[i].attach_type;
}

int main(int argc, char **argv)
{
	struct bpf_program *program = NULL, *other;
	struct bpf_object *object;

	if (argc != 5)
		errx(2, "usage: load OBJECT PROGRAM WAY PIN");
	object = bpf_object__open(argv[1]);
	if (object)
		program = bpf_object__find_program_by_name(object, argv[2]);
	if (!program)
		errx(1, "no program '%s' in %s", argv[2], argv[1]);
	bpf_object__for_each_program(other, object)
		bpf_program__set_autoload(other, other == program);
	bpf_program__set_expected_attach_type(program, type_for(argv[3]));
	if (bpf_object__load(object) || bpf_program__pin(program, argv[4]))
		errx(1, "cannot load or pin '%s'", argv[2]);
	bpf_object__close(object);
	return 0;
}
