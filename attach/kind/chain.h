/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chain.h - the programs on a hook that has an order, others' too.
 */
#ifndef ATTACH_KIND_CHAIN_H
#define ATTACH_KIND_CHAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* The kernel's limits: BPF_MPROG_MAX, BPF_CGROUP_MAX_PROGS. */
enum { CHAIN_MAX = 64 };

struct chain {
	uint64_t revision; /* changes with each change of the hook */
	uint32_t count;
	uint32_t progs[CHAIN_MAX]; /* ids, in the order in which they run */
	uint32_t links[CHAIN_MAX]; /* 0: without a link, or not told */
};

/* As bpf_hook_query(), in the network namespace netns; -1 is our own. */
int chain_query(int netns, uint32_t target, uint32_t attach_type,
		struct chain *chain);

bool chain_has(const struct chain *chain, uint32_t link_id);

/*
 * A line each: its number, name, program, link if it has one; "this" behind that
 * of the link with that id.
 */
void chain_show(const struct chain *chain, uint32_t link_id, FILE *out);

#endif
