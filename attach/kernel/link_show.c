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
#include "attach/kernel/link_raw.h"
#include "attach/kernel/program.h"
#include "scope.h"

#define AT(member) offsetof(struct abi_link_info, member)

/* How a member is printed, and how long it is. */
struct format {
	size_t size;
	void (*show)(uint64_t value, FILE *out);
};

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

static const struct format u32 = { sizeof(uint32_t), show_number };
static const struct format s32 = { sizeof(uint32_t), show_signed };
static const struct format hex32 = { sizeof(uint32_t), show_hex };
static const struct format u64 = { sizeof(uint64_t), show_number };
static const struct format hex64 = { sizeof(uint64_t), show_hex };
static const struct format attach_type = { sizeof(uint32_t), show_attach_type };
static const struct format perf_type = { sizeof(uint32_t), show_perf_type };
static const struct format family = { sizeof(uint32_t), show_family };
static const struct format hook = { sizeof(uint32_t), show_hook };

/* A line of a type of link. */
struct row {
	const char *key;
	const struct format *format;
	size_t offset; /* in struct abi_link_info */
	const char *name; /* only when the link's name matches: fnmatch(3) */
	bool vital; /* zero when what the link was attached to is gone */
};

enum { MAX_ROWS = 6 };

struct layout {
	uint32_t type;
	uint32_t perf_type; /* for perf_event links only */
	size_t told; /* 32 bits that are zero when nothing was told */
	const char *name; /* the key of the name, NULL without */
	struct row rows[MAX_ROWS];
};

/* clang-format off */
#define ROW(text, how, member, ...) \
	{ .key = (text), .format = &(how), .offset = AT(member), __VA_ARGS__ }
#define MAP_ITER "@(bpf_map_elem|bpf_sk_storage_map)"

#define PERF(number) \
	.type = BPF_LINK_TYPE_PERF_EVENT, .perf_type = BPF_PERF_EVENT_##number
#define UPROBE                                                        \
	.name = "path",                                               \
	.rows = {                                                     \
		ROW("event_type", perf_type, perf.type),              \
		ROW("offset", hex32, perf.uprobe.offset),             \
		ROW("ref_ctr_offset", hex64, perf.uprobe.ref_ctr),    \
		ROW("cookie", u64, perf.uprobe.cookie),               \
	}
#define KPROBE                                                        \
	.name = "symbol",                                             \
	.rows = {                                                     \
		ROW("event_type", perf_type, perf.type),              \
		ROW("offset", hex32, perf.kprobe.offset),             \
		ROW("address", hex64, perf.kprobe.address),           \
		ROW("missed", u64, perf.kprobe.missed),               \
		ROW("cookie", u64, perf.kprobe.cookie),               \
	}
#define NETDEV                                                        \
	.rows = {                                                     \
		ROW("ifindex", u32, netdev.ifindex, .vital = true),   \
		ROW("attach_type", attach_type, netdev.attach_type),  \
	}

static const struct layout layouts[] = {
	{ PERF(UPROBE), UPROBE },
	{ PERF(URETPROBE), UPROBE },
	{ PERF(KPROBE), KPROBE },
	{ PERF(KRETPROBE), KPROBE },
	{ PERF(TRACEPOINT), .name = "tp_name", .rows = {
		ROW("event_type", perf_type, perf.type),
		ROW("cookie", u64, perf.tracepoint.cookie),
	} },
	{ PERF(EVENT), .rows = {
		ROW("event_type", perf_type, perf.type),
		ROW("perf_type", u32, perf.event.type),
		ROW("perf_config", hex64, perf.event.config),
		ROW("cookie", u64, perf.event.cookie),
	} },
	{ BPF_LINK_TYPE_RAW_TRACEPOINT, .name = "tp_name", .rows = {
		ROW("cookie", u64, raw_tracepoint.cookie),
	} },
	{ BPF_LINK_TYPE_TRACING, .rows = {
		ROW("attach_type", attach_type, tracing.attach_type),
		ROW("target_obj_id", u32, tracing.target_obj_id),
		ROW("target_btf_id", u32, tracing.target_btf_id),
		ROW("cookie", u64, tracing.cookie),
	} },
	{ BPF_LINK_TYPE_CGROUP, .rows = {
		ROW("cgroup_id", u64, cgroup.cgroup_id, .vital = true),
		ROW("attach_type", attach_type, cgroup.attach_type),
	} },
	{ BPF_LINK_TYPE_ITER, .name = "target_name", .rows = {
		ROW("map_id", u32, iter.map_id, .name = MAP_ITER),
		ROW("cgroup_id", u64, iter.cgroup.id, .name = "cgroup"),
		ROW("order", u32, iter.cgroup.order, .name = "cgroup"),
		ROW("tid", u32, iter.task.tid, .name = "task*"),
		ROW("pid", u32, iter.task.pid, .name = "task*"),
	} },
	{ BPF_LINK_TYPE_NETNS, .rows = {
		ROW("netns_ino", u32, netns.ino, .vital = true),
		ROW("attach_type", attach_type, netns.attach_type),
	} },
	{ BPF_LINK_TYPE_XDP, .rows = {
		ROW("ifindex", u32, netdev.ifindex, .vital = true),
	} },
	{ BPF_LINK_TYPE_TCX, NETDEV },
	{ BPF_LINK_TYPE_NETKIT, NETDEV },
	{ BPF_LINK_TYPE_STRUCT_OPS, .rows = {
		ROW("map_id", u32, map.map_id, .vital = true),
	} },
	{ BPF_LINK_TYPE_SOCKMAP, .rows = {
		ROW("map_id", u32, map.map_id, .vital = true),
		ROW("attach_type", attach_type, map.attach_type),
	} },
	{ BPF_LINK_TYPE_NETFILTER, .rows = {
		ROW("pf", family, netfilter.pf),
		ROW("hook", hook, netfilter.hooknum),
		ROW("priority", s32, netfilter.priority),
		ROW("flags", hex32, netfilter.flags),
	} },
	{ BPF_LINK_TYPE_KPROBE_MULTI, .told = AT(kprobe_multi.count), .rows = {
		ROW("sites", u32, kprobe_multi.count),
		ROW("flags", hex32, kprobe_multi.flags),
		ROW("missed", u64, kprobe_multi.missed),
	} },
	{ BPF_LINK_TYPE_UPROBE_MULTI, .told = AT(uprobe_multi.count),
	  .name = "path", .rows = {
		ROW("sites", u32, uprobe_multi.count),
		ROW("flags", hex32, uprobe_multi.flags),
		ROW("pid", u32, uprobe_multi.pid),
	} },
	{ BPF_LINK_TYPE_TRACING_MULTI, .told = AT(tracing_multi.count),
	  .rows = {
		ROW("attach_type", attach_type, tracing_multi.attach_type),
		ROW("sites", u32, tracing_multi.count),
		ROW("target_obj_id", u32, tracing_multi.btf_obj_id),
	} },
};
/* clang-format on */

static const struct layout *layout_find(const struct abi_link_info *info)
{
	uint32_t perf =
		info->type == BPF_LINK_TYPE_PERF_EVENT ? info->perf.type : 0;
	size_t i;

	for (i = 0; i < COUNT(layouts); i++)
		if (layouts[i].type == info->type &&
		    layouts[i].perf_type == perf)
			return &layouts[i];
	return NULL;
}

static bool row_applies(const struct row *row, const struct link_raw *raw)
{
	if (row->name && fnmatch(row->name, raw->name, FNM_EXTMATCH))
		return false;
	if (row->format->size == sizeof(uint64_t))
		return link_raw_told(raw, row->offset);
	return row->offset + row->format->size <= raw->size;
}

static uint64_t member(const struct link_raw *raw, size_t offset, size_t size)
{
	const char *at = (const char *)&raw->info + offset;
	uint64_t wide;
	uint32_t narrow;

	if (size == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

static void row_show(const struct row *row, const struct link_raw *raw,
		     FILE *out)
{
	uint64_t value = member(raw, row->offset, row->format->size);

	if (!row_applies(row, raw))
		return;
	fprintf(out, "%s:\t", row->key);
	row->format->show(value, out);
	putc('\n', out);
	if (row->vital && !value)
		fputs("state:\tdefunct\n", out);
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
	size_t i;

	for (i = 0; i < raw->nsites; i++) {
		fprintf(out, "site:\t0x%" PRIx64, raw->where[i]);
		if (ref_ctrs && raw->ref_ctrs[i])
			fprintf(out, " ref_ctr_offset 0x%" PRIx64,
				raw->ref_ctrs[i]);
		if (cookies)
			fprintf(out, " cookie %" PRIu64, raw->cookies[i]);
		putc('\n', out);
	}
}

static void program_lines(uint32_t id, FILE *out)
{
	scoped_fd int fd = id ? bpf_prog_by_id(id) : -1;
	struct program program;

	fprintf(out, "prog_id:\t%u\n", id);
	if (fd < 0 || program_info(fd, &program))
		return;
	fprintf(out, "prog_tag:\t%s\n", program.tag);
	if (program.name[0])
		fprintf(out, "prog_name:\t%s\n", program.name);
}

void link_raw_show(const struct link_raw *raw, FILE *out)
{
	const struct layout *layout = layout_find(&raw->info);
	size_t i;

	if (!layout)
		return;
	if (layout->told && !member(raw, layout->told, sizeof(uint32_t)))
		return;
	name_show(layout->name, raw, out);
	for (i = 0; i < MAX_ROWS && layout->rows[i].key; i++)
		row_show(&layout->rows[i], raw, out);
	sites_show(raw, out);
}

static bool is_defunct(const struct link_raw *raw)
{
	const struct layout *layout = layout_find(&raw->info);
	const struct row *row;
	size_t i;

	for (i = 0; layout && i < MAX_ROWS && layout->rows[i].key; i++) {
		row = &layout->rows[i];
		if (row->vital && !member(raw, row->offset, row->format->size))
			return true;
	}
	return false;
}

bool link_alive(int fd)
{
	struct link_raw raw = { .size = sizeof(raw.info) };

	return !bpf_info(fd, &raw.info, &raw.size) && raw.info.prog_id &&
	       !is_defunct(&raw);
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
	if (!err) {
		fprintf(out, "link_type:\t%s\n", link_type_name(raw.info.type));
		fprintf(out, "link_id:\t%u\n", raw.info.id);
		program_lines(raw.info.prog_id, out);
		link_raw_show(&raw, out);
	}
	link_raw_clear(&raw);
	return err ? fail(e, -err, "the kernel tells nothing of link %u: %s",
			  id, strerror(errno_clamp(-err)))
		   : 0;
}
