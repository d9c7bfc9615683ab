// SPDX-License-Identifier: BSD-2-Clause
/* multi.c - one link for all sites. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/loaded.h"

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

		c->where[i] = target->event.place == PLACE_FILE ? site->offset
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

	if (target->event.place == PLACE_FILE)
		return bpf_link_uprobe_multi(
			a->prog_fd, a->loaded->type, target->event.ret,
			fd_path(target, path), cnt, c->where, c->ref_ctrs,
			c->cookies, (uint32_t)target->pid);
	return bpf_link_kprobe_multi(a->prog_fd, a->loaded->type,
				     target->event.ret, cnt,
				     addresses ? NULL : c->symbols,
				     addresses ? c->where : NULL, c->cookies);
}

static int link_make(const struct attachment *a)
{
	struct columns columns = { 0 };
	int fd = -ENOMEM;

	if (columns_make(a, &columns))
		fd = create(a, &columns);
	columns_clear(&columns);
	return fd;
}

/* A system call's name that kallsyms did not tell: as in event_open(). */
static int link_prefixed(struct attachment *a)
{
	struct site *site = &a->target.sites[0];
	char *written = site->symbol, *prefixed = site_platform_name(site);
	int fd = -ENOMEM;

	site->symbol = prefixed;
	if (prefixed)
		fd = link_make(a);
	site->symbol = fd < 0 ? written : prefixed;
	free(fd < 0 ? prefixed : written);
	return fd;
}

static int multi_link(struct attachment *a)
{
	const struct target *target = &a->target;
	int fd = link_make(a), other = fd;

	if (fd == -ESRCH && target->event.place == PLACE_KERNEL &&
	    target->nsites == 1 && target->sites[0].symbol &&
	    !target->sites[0].address && !strchr(target->sites[0].symbol, ':'))
		other = link_prefixed(a);
	return other < 0 ? fd : other;
}

/* ftrace takes whole functions, and has no maxactive. */
static bool ftrace_fits(const struct target *target)
{
	return target->event.whole_functions && !target->event.maxactive;
}

/* Before 6.10 the pid of such a link meant one thread: 46ba0e49b642. */
static enum feature feature_for(const struct target *target)
{
	if (target->event.place == PLACE_KERNEL)
		return FEATURE_KPROBE_MULTI;
	return target->pid ? FEATURE_UPROBE_MULTI_PID : FEATURE_UPROBE_MULTI;
}

int multi_is_best(const struct target *target, const struct attach_mode *mode,
		  struct err *e)
{
	if (!(mode->ways & WAY_MULTI) ||
	    target->event.place == PLACE_TRACEPOINT)
		return 0;
	if (target->event.place == PLACE_KERNEL && !ftrace_fits(target))
		return 0;
	return feature_ask(feature_for(target), e);
}

#define ONLY_FTRACE \
	"a multi link takes functions that ftrace knows, at their first instruction, and no maxactive"

int multi_refuse(const struct attachment *a, struct err *e)
{
	const struct target *target = &a->target;
	int has;

	if (target->event.place == PLACE_TRACEPOINT)
		return fail(e, EOPNOTSUPP,
			    "there is no multi link for tracepoints");
	if (target->event.place == PLACE_KERNEL && !ftrace_fits(target))
		return fail(e, EOPNOTSUPP, ONLY_FTRACE);
	has = feature_fits(
		feature_for(target),
		"this kernel has no multi links for such probes, see the file 'features'",
		e);
	if (has <= 0)
		return -e->code;
	return fail(e, EINVAL, "the program was not loaded for a multi link");
}

static int refuse(const struct attachment *a, struct err *e, int code,
		  const char *why)
{
	return fail(e, code, "the program was loaded for %s, %s",
		    a->loaded->section, why);
}

/* As refuse(), where a plain program could be attached. */
static int refuse_multi(const struct attachment *a, struct err *e, int code,
			const char *why)
{
	refuse(a, e, code, why);
	fail_hint(e, "load it for '%s'",
		  a->target.event.place == PLACE_KERNEL ? "kprobe" : "uprobe");
	return -code;
}

static int kernel_fits(const struct attachment *a, struct err *e)
{
	return ftrace_fits(&a->target)
		       ? 0
		       : refuse_multi(a, e, EOPNOTSUPP, "and " ONLY_FTRACE);
}

/*
 * A session takes the return address from the stack, as a return probe does: in
 * the middle of a function that is whatever lies there.
 */
static int file_fits(const struct attachment *a, struct err *e)
{
	int has = a->target.pid ? feature_ask(FEATURE_UPROBE_MULTI_PID, e) : 1;

	if (has < 0)
		return has;
	if (!has)
		return refuse_multi(
			a, e, EOPNOTSUPP,
			"and the pid of such a link is one thread's only before Linux 6.10");
	if (a->loaded->session && !a->target.event.whole_functions)
		return refuse_multi(
			a, e, EINVAL,
			"so it needs the start of a function, whose return it follows");
	return 0;
}

/* The program decides what it can be: nothing else is tried. */
static int multi_fits(const struct attachment *a,
		      const struct attach_mode *mode, struct err *e)
{
	bool kernel = a->target.event.place == PLACE_KERNEL;

	if (a->loaded->place != a->target.event.place)
		return refuse_multi(a, e, EINVAL,
				    kernel ? "and this is the kernel's code"
					   : "and this is a place in a file");
	if (a->loaded->session && a->target.event.ret)
		return refuse(
			a, e, EINVAL,
			"so it runs on entry and on return; probe the entry, and it has both");
	if (!(mode->ways & WAY_MULTI))
		return refuse_multi(
			a, e, EINVAL,
			"and the attach_mode of this mount makes no such link");
	return kernel ? kernel_fits(a, e) : file_fits(a, e);
}

static int explain(const struct attachment *a, int code, struct err *e)
{
	bool kernel = a->target.event.place == PLACE_KERNEL;

	if (code == EOPNOTSUPP)
		return refuse(
			a, e, EOPNOTSUPP,
			"and this kernel was built without such links, see the file 'features'");
	/* 7.2 says it of an address that ftrace does not know. */
	if (code == ENOENT && kernel)
		code = ESRCH;
	/* The program is right, so the places are not. */
	return a->kind->explain(&a->target, &a->target.sites[0], code == EINVAL,
				code, e);
}

int multi_attach(struct attachment *a, const struct attach_mode *mode,
		 struct err *e)
{
	int fd, err = multi_fits(a, mode, e);

	if (err)
		return err;
	fd = multi_link(a);
	if (fd < 0)
		return explain(a, -fd, e);
	a->way = WAY_MULTI | (a->loaded->session ? WAY_SESSION : 0);
	a->links[0] = (struct attach_fd){ .fd = fd };
	a->nlinks = 1;
	if (a->loaded->session && a->target.event.go)
		target_warn_go(&a->target);
	return 0;
}
