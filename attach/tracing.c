// SPDX-License-Identifier: BSD-2-Clause
/*
 * tracing.c - the attacher of code that a program was loaded for, and of raw
 * tracepoints.
 *
 * What such a program is for was settled when it was loaded.  So what the probe
 * names is compared with that, before where the kernel tells it of a program
 * (6.0), and after with what it tells of the link.  One that is for any functions
 * gets one link on all of them.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "attach/attacher.h"
#include "attach/attachment_private.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/features.h"
#include "attach/kernel/program.h"
#include "attach/kind/code/claim.h"
#include "attach/kind/code/multi.h"
#include "scope.h"

static bool is_raw(const struct attachment *a)
{
	return a->target.code.attach_type == BPF_TRACE_RAW_TP;
}

/* Links */

static int open_raw(const struct attachment *a, const struct site *site,
		    bool named)
{
	return bpf_raw_tp_open(named ? site->symbol : NULL, a->prog_fd,
			       site->cookie);
}

static int open_code(const struct attachment *a, const struct site *site)
{
	const struct code_target *code = &a->target.code;
	struct abi_link_create request = {
		.prog_fd = (uint32_t)a->prog_fd,
		.attach_type = code->attach_type,
		.tracing.cookie = site->cookie,
	};
	int fd;

	if (!code->attach_type && a->target.fd >= 0) {
		request.target_fd = (uint32_t)a->target.fd;
		request.tracing.target_btf_id = code->btf_id;
	}
	fd = bpf_link_make(&request);
	/* Before 5.19 there is only this way, which does not ask what for. */
	if (fd == -EINVAL && !request.target_fd && !site->cookie &&
	    (!code->attach_type || !feature_has(FEATURE_TRACING_LINK)))
		fd = bpf_raw_tp_open(NULL, a->prog_fd, 0);
	return fd;
}

static int cookie_fits(const struct attachment *a, struct err *e)
{
	if (!a->cookie)
		return 0;
	return is_raw(a)
		       ? feature_need(FEATURE_RAW_TP_COOKIE,
				      "a raw tracepoint has no cookie here", e)
		       : feature_need(FEATURE_TRACING_LINK,
				      "such a program has no cookie here", e);
}

static int claim(struct attachment *a, struct err *e)
{
	const struct code_claim claimed = { a->kind, &a->target, a->prog_fd };

	return code_claim_check(&claimed, e);
}

/* The link is on what the probe names; where it is not told, it is believed. */
static bool link_fits(const struct attachment *a, size_t i,
		      const struct link_info *info)
{
	const struct code_target *code = &a->target.code;
	const char *symbol = a->target.sites[i].symbol;
	uint32_t obj = info->raw.tracing.target_obj_id;
	uint32_t btf = info->raw.tracing.target_btf_id;

	if (is_raw(a))
		return !(info->has & LINK_HAS_NAME) ||
		       !strcmp(info->name, symbol);
	if (info->raw.tracing.attach_type != code->attach_type)
		return false;
	if (!obj || !code->btf_id)
		return true;
	return btf == code->btf_id &&
	       obj == (code->prog_id ? code->prog_id : code->obj_id);
}

static enum link_match code_matches(const struct attachment *a, size_t i,
				    const struct link_info *info)
{
	if (info->type == BPF_LINK_TYPE_TRACING_MULTI && !is_raw(a) &&
	    a->target.sites[0].symbol)
		return code_multi_matches(&a->target, info) ? LINK_MATCHES
							    : LINK_ELSEWHERE;
	if (info->type !=
	    (is_raw(a) ? BPF_LINK_TYPE_RAW_TRACEPOINT : BPF_LINK_TYPE_TRACING))
		return LINK_OF_OTHER_TYPE;
	return link_fits(a, i, info) ? LINK_MATCHES : LINK_ELSEWHERE;
}

/* What the kernel has made is what was meant. */
static int check_link(struct attachment *a, size_t i, struct err *e)
{
	const struct code_claim claimed = { a->kind, &a->target, a->prog_fd };
	struct link_info info;
	enum link_match match;

	if (!attachment_look(a, i, &info))
		return fail(e, EIO, "the kernel does not describe the link");
	match = code_matches(a, i, &info);
	link_info_clear(&info);
	return match == LINK_MATCHES ? 0
				     : code_claim_refuse(&claimed, &info, e);
}

static int attach_site(struct attachment *a, size_t i, bool named,
		       struct err *e)
{
	const struct site *site = &a->target.sites[i];
	int fd = is_raw(a) ? open_raw(a, site, named) : open_code(a, site);

	if (fd < 0)
		return a->kind->explain(&a->target, site, false, -fd, e);
	a->links[a->nlinks++] = (struct attach_fd){ .fd = fd };
	return named ? 0 : check_link(a, i, e);
}

/* Of a pattern: a tracepoint that has gone, or that the program reads beyond. */
static bool may_leave_out(const struct target *target, int err)
{
	return target->pattern && target->nsites > 1 &&
	       (err == -ENOENT || err == -EINVAL);
}

static int attach_sites(struct attachment *a, bool named, struct err *e)
{
	size_t i = 0;
	int err = 0;

	while (i < a->target.nsites) {
		err = attach_site(a, i, named, e);
		if (!err)
			i++;
		else if (may_leave_out(&a->target, err))
			target_leave_out(&a->target, i);
		else
			break;
	}
	if (i < a->target.nsites)
		links_drop(a);
	return i < a->target.nsites ? err : 0;
}

static int attach_multi(struct attachment *a, struct err *e)
{
	int fd = code_multi_link(&a->target, a->prog_fd);

	if (fd < 0)
		return a->kind->explain(&a->target, &a->target.sites[0], false,
					-fd, e);
	a->links[0] = (struct attach_fd){ .fd = fd };
	a->nlinks = 1;
	a->way = WAY_MULTI;
	return 0;
}

static int code_attach(struct attachment *a, const struct attach_mode *mode,
		       struct err *e)
{
	struct program program;
	bool named = is_raw(a);
	int err = cookie_fits(a, e);

	(void)mode;
	if (err)
		return err;
	if (program_info(a->prog_fd, &program))
		return fail(e, EIO, "the kernel does not describe the program");
	if (program.type == BPF_PROG_TYPE_TRACING)
		named = false;
	if (!named)
		err = claim(a, e);
	if (err || a->target.code.multi)
		return err ? err : attach_multi(a, e);
	a->way = WAY_LINK;
	return attach_sites(a, named, e);
}

static int code_load_as(const struct kind *kind, const struct target *target,
			const struct attach_mode *mode, struct load_as *as,
			struct err *e)
{
	(void)kind;
	(void)mode;
	if (target->code.attach_type == BPF_TRACE_RAW_TP)
		return 0;
	if (!target->code.attach_type)
		return fail(
			e, EINVAL,
			"a freplace takes the place of a function, which only a program that is written for it can do");
	if (target->pattern) {
		as->attach_type = code_multi_type(target->code.attach_type);
		as->obj_id = target->code.obj_id;
		return 0;
	}
	if (!target->code.btf_id)
		return fail(
			e, EINVAL,
			"the field 'symbol' is empty: a built-in program has to be loaded for a function");
	as->attach_type = target->code.attach_type;
	as->obj_id = target->code.prog_id ? 0 : target->code.obj_id;
	as->btf_id = target->code.btf_id;
	as->prog_id = target->code.prog_id;
	return 0;
}

static void code_adopt(struct attachment *a, size_t i,
		       const struct link_info *info)
{
	struct err e;

	if (info->type == BPF_LINK_TYPE_TRACING_MULTI) {
		a->way = WAY_MULTI;
		code_multi_adopt(&a->target, info);
		return;
	}
	a->way = WAY_LINK;
	if (info->has & LINK_HAS_COOKIE)
		a->target.sites[i].cookie = info->cookie;
	else
		a->target.cookies_told = false;
	if (!a->target.sites[i].symbol)
		claim(a, &e);
}

static bool code_alive(const struct attachment *a)
{
	size_t i;

	for (i = 0; i < a->nlinks; i++)
		if (!link_alive(a->links[i].fd))
			return false;
	return true;
}

static void show_target(const struct attachment *a, FILE *out)
{
	const char *symbol = a->target.sites[0].symbol;
	const char *colon = symbol ? strchr(symbol, ':') : NULL;
	struct program program;

	fprintf(out, "function:\t%s\n",
		colon	 ? colon + 1
		: symbol ? symbol
			 : "unknown");
	scoped_fd int fd = a->target.code.prog_id
				   ? bpf_prog_by_id(a->target.code.prog_id)
				   : -1;
	if (fd >= 0 && !program_info(fd, &program))
		fprintf(out, "target_program:\t%s (id %" PRIu32 ")\n",
			program.name, program.id);
	else if (colon)
		fprintf(out, "module:\t%.*s\n", (int)(colon - symbol), symbol);
}

static void code_show_info(const struct attachment *a,
			   const struct link_info *first, FILE *out)
{
	if (is_raw(a) && a->target.nsites == 1)
		fprintf(out, "tracepoint:\t%s\n", a->target.sites[0].symbol);
	if (is_raw(a))
		return;
	if (a->target.nsites == 1)
		show_target(a, out);
	/* Both links tell it in the same place. */
	fprintf(out, "attach_type:\t%s\n",
		attach_type_name(first->raw.tracing.attach_type));
}

static void code_show_sites(const struct attachment *a, FILE *out)
{
	bool multi = a->way & WAY_MULTI;
	const char *symbol;
	uint32_t id;
	size_t i;

	for (i = 0; i < a->target.nsites; i++) {
		symbol = a->target.sites[i].symbol;
		if (!link_id(a->links[multi ? 0 : i].fd, &id))
			fprintf(out, "-\t%s\tlink %" PRIu32 "\n",
				symbol ? symbol : "-", id);
	}
}

/*
 * The kernel takes such a program once, and only so many in one place, of
 * freplace's one.  A freplace that went on what it was loaded for is not taken
 * there again, so that one stays.
 */
static bool code_in_the_way(const struct attachment *old, int prog_fd, int err)
{
	const struct code_target *code = &old->target.code;

	if (err == -E2BIG)
		return !is_raw(old);
	if (!code->attach_type)
		return err == -EBUSY && code->btf_id;
	return (err == -EBUSY || err == -EEXIST) &&
	       program_same(old->prog_fd, prog_fd);
}

const struct attacher attacher_code = {
	.attach = code_attach,
	.load_as = code_load_as,
	.matches = code_matches,
	.adopt = code_adopt,
	.alive = code_alive,
	.show = code_show_info,
	.show_sites = code_show_sites,
	.in_the_way = code_in_the_way,
};
