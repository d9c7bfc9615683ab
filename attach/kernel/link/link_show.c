// SPDX-License-Identifier: BSD-2-Clause
/* link_show.c - any link of the kernel as key:\tvalue lines. */
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <vis.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/link/link_fdinfo.h"
#include "attach/kernel/link/link_members.h"
#include "attach/kernel/link/link_raw.h"
#include "attach/kernel/link/link_target.h"
#include "attach/kernel/program.h"
#include "scope.h"

static void show_number(uint64_t value, FILE *out)
{
	fprintf(out, "%" PRIu64, value);
}

static void show_signed(uint64_t value, FILE *out)
{
	fprintf(out, "%" PRId32, (int32_t)value);
}

static void show_hex(uint64_t value, FILE *out)
{
	fprintf(out, "0x%" PRIx64, value);
}

static void show_attach_type(uint64_t value, FILE *out)
{
	fputs(attach_type_name((uint32_t)value), out);
}

static void show_tracing_type(uint64_t value, FILE *out)
{
	fputs(value ? attach_type_name((uint32_t)value) : "freplace", out);
}

/* enum bpf_perf_event_type */
static void show_perf_type(uint64_t value, FILE *out)
{
	static const char *const names[] = {
		"unspec",    "uprobe",	   "uretprobe", "kprobe",
		"kretprobe", "tracepoint", "event",
	};

	if (value < COUNT(names))
		fputs(names[value], out);
	else
		show_number(value, out);
}

/* NFPROTO_... of linux/netfilter.h */
static void show_family(uint64_t value, FILE *out)
{
	static const char *const names[] = { [2] = "ipv4", [10] = "ipv6" };

	if (value < COUNT(names) && names[value])
		fputs(names[value], out);
	else
		show_number(value, out);
}

/* NF_INET_... of linux/netfilter.h */
static void show_hook(uint64_t value, FILE *out)
{
	static const char *const names[] = {
		"prerouting", "input", "forward", "output", "postrouting",
	};

	if (value < COUNT(names))
		fputs(names[value], out);
	else
		show_number(value, out);
}

static void (*const formats[])(uint64_t value, FILE *out) = {
	[LINK_NUMBER] = show_number,
	[LINK_SIGNED] = show_signed,
	[LINK_HEX] = show_hex,
	[LINK_ATTACH_TYPE] = show_attach_type,
	[LINK_TRACING_TYPE] = show_tracing_type,
	[LINK_PERF_TYPE] = show_perf_type,
	[LINK_FAMILY] = show_family,
	[LINK_HOOK] = show_hook,
};

static bool member_told(const struct link_member *m, const struct link_raw *raw)
{
	if (m->name && fnmatch(m->name, raw->name, FNM_EXTMATCH))
		return false;
	if (m->when != LINK_ALWAYS &&
	    raw->on_program != (m->when == LINK_ON_PROGRAM))
		return false;
	if (m->size == sizeof(uint64_t))
		return link_raw_told(raw, m->offset);
	return m->offset + m->size <= raw->size;
}

static void member_show(const struct link_member *m, const struct link_raw *raw,
			bool names, FILE *out)
{
	uint64_t value = link_value(&raw->info, m->offset, m->size);

	if (!member_told(m, raw))
		return;
	fprintf(out, "%s:\t", m->key);
	formats[m->format](value, out);
	putc('\n', out);
	if (m->vital && !value)
		fputs("state:\tdefunct\n", out);
	if (names)
		link_target_show(m->names, raw, out);
}

static void name_show(const char *key, const struct link_raw *raw, FILE *out)
{
	char safe[4 * PATH_MAX];

	if (!key || !raw->name[0])
		return;
	strvis(safe, raw->name, VIS_TAB | VIS_NL | VIS_CSTYLE);
	fprintf(out, "%s:\t%s\n", key, safe);
}

static void sites_show(const struct link_raw *raw, FILE *out)
{
	bool ref_ctrs = link_raw_told_sites(raw, raw->ref_ctrs);
	bool cookies = link_raw_told_sites(raw, raw->cookies);
	const char *name = raw->names;
	size_t i;

	for (i = 0; i < raw->nsites; i++) {
		if (name)
			fprintf(out, "site:\t%s", name);
		else
			fprintf(out, "site:\t0x%" PRIx64, raw->where[i]);
		name += name ? strlen(name) + 1 : 0;
		if (ref_ctrs && raw->ref_ctrs[i])
			fprintf(out, " ref_ctr_offset 0x%" PRIx64,
				raw->ref_ctrs[i]);
		if (cookies)
			fprintf(out, " cookie %" PRIu64, raw->cookies[i]);
		putc('\n', out);
	}
}

static void program_show_lines(struct link_raw *raw, FILE *out)
{
	uint32_t id = raw->info.prog_id;
	scoped_fd int fd = id ? bpf_prog_by_id(id) : -1;
	struct program program;

	fprintf(out, "prog_id:\t%u\n", id);
	if (fd < 0 || program_info(fd, &program))
		return;
	fprintf(out, "prog_tag:\t%s\n", program.tag);
	if (program.name[0])
		fprintf(out, "prog_name:\t%s\n", program.name);
	raw->on_program = link_on_program(&raw->info, &program);
}

void link_raw_show(const struct link_raw *raw, bool names, FILE *out)
{
	const struct link_layout *layout = link_layout(&raw->info);
	const struct link_member *m;

	if (!layout)
		return;
	if (layout->count &&
	    !link_value(&raw->info, layout->count, sizeof(uint32_t)))
		return;
	name_show(layout->name_key, raw, out);
	for (m = layout->members; m->key; m++)
		member_show(m, raw, names, out);
	if (layout->untold && link_defunct(&raw->info))
		fputs("state:\tdefunct\n", out);
	sites_show(raw, out);
}

int link_open(uint32_t id, struct err *e)
{
	int fd = bpf_link_by_id(id);

	if (fd == -ENOENT)
		return fail(e, ENOENT, "no link has the id %u", id);
	/* Its id is given out before it is ready. */
	if (fd == -EAGAIN)
		return fail(e, EAGAIN, "link %u is still being made", id);
	if (fd == -EPERM)
		return fail(e, EPERM, "looking at link %u needs CAP_SYS_ADMIN",
			    id);
	if (fd == -EINVAL)
		return fail(
			e, EOPNOTSUPP,
			"this kernel has no BPF links with ids: they came with Linux 5.8");
	if (fd < 0)
		return fail(e, -fd, "cannot open link %u: %s", id,
			    strerror(errno_clamp(-fd)));
	return fd;
}

int link_show(uint32_t id, FILE *out, struct err *e)
{
	scoped_fd int fd = link_open(id, e);
	struct link_raw raw;
	int err;

	if (fd < 0)
		return fd;
	err = link_raw_get(fd, &raw);
	if (!err)
		err = link_fdinfo_get(fd, &raw);
	if (!err) {
		fprintf(out, "link_type:\t%s\n", link_type_name(raw.info.type));
		fprintf(out, "link_id:\t%u\n", raw.info.id);
		program_show_lines(&raw, out);
		link_raw_show(&raw, true, out);
	}
	link_raw_clear(&raw);
	return err ? fail(e, -err, "the kernel tells nothing of link %u: %s",
			  id, strerror(errno_clamp(-err)))
		   : 0;
}
