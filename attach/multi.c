// SPDX-License-Identifier: BSD-2-Clause
/* multi.c - one link for all sites. */
#include <errno.h>
#include <stdlib.h>

#include "attach/attachment.h"
#include "attach/bpf.h"

/* What a multi link wants as arrays. */
struct columns {
	uint64_t *where, *ref_ctrs, *cookies;
	const char **symbols;
};

static void columns_clear(struct columns *c)
{
	free(c->where);
	free(c->ref_ctrs);
	free(c->cookies);
	free(c->symbols);
}

static bool columns_make(const struct attachment *a, struct columns *c)
{
	const struct target *target = &a->target;
	size_t n = target->nsites, i;

	c->where = calloc(n, sizeof(*c->where));
	c->ref_ctrs = calloc(n, sizeof(*c->ref_ctrs));
	c->cookies = calloc(n, sizeof(*c->cookies));
	c->symbols = calloc(n, sizeof(*c->symbols));
	if (!c->where || !c->ref_ctrs || !c->cookies || !c->symbols)
		return false;
	for (i = 0; i < n; i++) {
		const struct site *site = &target->sites[i];

		c->where[i] = target->place == PLACE_FILE ? site->offset
							  : site->address;
		c->ref_ctrs[i] = site->ref_ctr;
		c->cookies[i] = site->cookie;
		c->symbols[i] = site->symbol;
	}
	return true;
}

static int create(const struct attachment *a, const struct columns *c)
{
	const struct target *target = &a->target;
	uint32_t cnt = (uint32_t)target->nsites;
	bool addresses = target->sites[0].address;
	char path[FD_PATH];

	if (target->place == PLACE_FILE)
		return bpf_link_uprobe_multi(a->prog_fd, target->ret,
					     fd_path(target, path), cnt,
					     c->where, c->ref_ctrs, c->cookies,
					     (uint32_t)target->pid);
	return bpf_link_kprobe_multi(a->prog_fd, target->ret, cnt,
				     addresses ? NULL : c->symbols,
				     addresses ? c->where : NULL, c->cookies);
}

int multi_link(const struct attachment *a)
{
	struct columns columns = { 0 };
	int fd = -ENOMEM;

	if (columns_make(a, &columns))
		fd = create(a, &columns);
	columns_clear(&columns);
	return fd;
}
