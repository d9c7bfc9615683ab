// SPDX-License-Identifier: BSD-2-Clause
/*
 * links.c - makes links that do nothing, and holds them until it is killed.
 *
 * links N: says how many there are.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/bench/bench.h"

/* Links of iterators are made and ended at once, however many there are. */
static int program(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		    .expected_attach_type = BPF_TRACE_ITER);
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int id = libbpf_find_vmlinux_btf_id("task", BPF_TRACE_ITER);

	if (id < 0)
		errx(1, "the kernel has no iterator of tasks");
	opts.attach_btf_id = (__u32)id;
	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "bench_links", "GPL", insns,
			     2, &opts);
}

int main(int argc, char **argv)
{
	int wanted = argc == 2 ? atoi(argv[1]) : 0;
	struct rlimit limit = { (rlim_t)wanted + 64, (rlim_t)wanted + 64 };
	int prog, i;

	if (wanted < 1)
		errx(2, "usage: links N");
	if (setrlimit(RLIMIT_NOFILE, &limit))
		err(1, "setrlimit");
	prog = program();
	if (prog < 0)
		err(1, "the program");
	for (i = 0; i < wanted; i++)
		if (bpf_link_create(prog, 0, BPF_TRACE_ITER, NULL) < 0)
			err(1, "link %d", i);
	printf("%d\n", wanted);
	fflush(stdout);
	for (;;)
		pause();
}
