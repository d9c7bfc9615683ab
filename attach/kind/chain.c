// SPDX-License-Identifier: BSD-2-Clause
/* chain.c - asking for the programs on a hook, and showing them. */
#include <errno.h>
#include <inttypes.h>
#include <vis.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/in_netns.h"
#include "attach/kernel/program.h"
#include "attach/kind/chain.h"
#include "scope.h"

struct question {
	uint32_t target, attach_type;
	struct chain *chain;
};

static int query(void *arg)
{
	const struct question *q = arg;
	struct chain *chain = q->chain;

	chain->count = CHAIN_MAX;
	return bpf_hook_query(q->target, q->attach_type, 0, chain->progs,
			      chain->links, &chain->count, &chain->revision);
}

int chain_query(int netns, uint32_t target, uint32_t attach_type,
		struct chain *chain)
{
	struct question q = { target, attach_type, chain };

	*chain = (struct chain){ 0 };
	return in_netns(netns, query, &q);
}

bool chain_has(const struct chain *chain, uint32_t link_id)
{
	uint32_t i;

	for (i = 0; i < chain->count && i < CHAIN_MAX; i++)
		if (chain->links[i] == link_id)
			return true;
	return false;
}

static void show_name(uint32_t id, FILE *out)
{
	scoped_fd int fd = bpf_prog_by_id(id);
	struct program program;
	char safe[4 * sizeof(program.name)];

	if (fd < 0 || program_info(fd, &program) || !program.name[0]) {
		fputc('-', out);
		return;
	}
	strvis(safe, program.name, VIS_WHITE | VIS_CSTYLE);
	fputs(safe, out);
}

void chain_show(const struct chain *chain, uint32_t link_id, FILE *out)
{
	uint32_t i;

	for (i = 0; i < chain->count && i < CHAIN_MAX; i++) {
		fprintf(out, "%" PRIu32 "\t", i + 1);
		show_name(chain->progs[i], out);
		fprintf(out, "\tprog %" PRIu32, chain->progs[i]);
		if (chain->links[i])
			fprintf(out, "\tlink %" PRIu32, chain->links[i]);
		if (chain->links[i] && chain->links[i] == link_id)
			fputs("\tthis", out);
		fputc('\n', out);
	}
}
