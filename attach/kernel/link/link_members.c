// SPDX-License-Identifier: BSD-2-Clause
/* link_members.c - the members of struct abi_link_info, by type of link. */
#include <string.h>

#include "array.h"
#include "attach/kernel/link/link_ended.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/link/link_members.h"

#define AT(member)   offsetof(struct abi_link_info, member)
#define SIZE(member) sizeof(((struct abi_link_info *)NULL)->member)

/* clang-format off */
#define ROW(text, how, member, ...)                              \
	{ .key = (text), .offset = AT(member),                   \
	  .size = SIZE(member), .format = LINK_##how, __VA_ARGS__ }
/* What newer kernels alone tell, and so is asked for by a sentinel. */
#define TOLD(text, how, member, what) \
	ROW(text, how, member, .has = LINK_HAS_##what, .sentinel = true)
#define MAP_ITER "@(bpf_map_elem|bpf_sk_storage_map)"

#define NAME(text, member, length) \
	.name_key = (text), .name = AT(member), .name_len = AT(length)
#define PERF(number) \
	.type = BPF_LINK_TYPE_PERF_EVENT, .perf_type = BPF_PERF_EVENT_##number
#define UPROBE                                                             \
	NAME("path", perf.uprobe.name, perf.uprobe.name_len),              \
	.members = {                                                       \
		ROW("event_type", PERF_TYPE, perf.type),                   \
		ROW("offset", HEX, perf.uprobe.offset,                     \
		    .has = LINK_HAS_OFFSET),                               \
		TOLD("ref_ctr_offset", HEX, perf.uprobe.ref_ctr, REF_CTR), \
		TOLD("cookie", NUMBER, perf.uprobe.cookie, COOKIE),        \
	}
#define KPROBE                                                             \
	NAME("symbol", perf.kprobe.name, perf.kprobe.name_len),            \
	.members = {                                                       \
		ROW("event_type", PERF_TYPE, perf.type),                   \
		ROW("offset", HEX, perf.kprobe.offset,                     \
		    .has = LINK_HAS_OFFSET),                               \
		ROW("address", HEX, perf.kprobe.address,                   \
		    .has = LINK_HAS_ADDRESS),                              \
		TOLD("missed", NUMBER, perf.kprobe.missed, MISSED),        \
		TOLD("cookie", NUMBER, perf.kprobe.cookie, COOKIE),        \
	}
#define NETDEV                                                             \
	.members = {                                                       \
		ROW("ifindex", NUMBER, netdev.ifindex, .vital = true,      \
		    .names = LINK_NAMES_INTERFACE),                        \
		ROW("attach_type", ATTACH_TYPE, netdev.attach_type),       \
	}

static const struct link_layout layouts[] = {
	{ PERF(UPROBE), UPROBE },
	{ PERF(URETPROBE), UPROBE },
	{ PERF(KPROBE), KPROBE },
	{ PERF(KRETPROBE), KPROBE },
	{ PERF(TRACEPOINT),
	  NAME("tp_name", perf.tracepoint.name, perf.tracepoint.name_len),
	  .members = {
		ROW("event_type", PERF_TYPE, perf.type),
		TOLD("cookie", NUMBER, perf.tracepoint.cookie, COOKIE),
	} },
	{ PERF(EVENT), .members = {
		ROW("event_type", PERF_TYPE, perf.type),
		ROW("perf_type", NUMBER, perf.event.type),
		ROW("perf_config", HEX, perf.event.config,
		    .names = LINK_NAMES_EVENT),
		TOLD("cookie", NUMBER, perf.event.cookie, COOKIE),
	} },
	{ BPF_LINK_TYPE_RAW_TRACEPOINT,
	  NAME("tp_name", raw_tracepoint.name, raw_tracepoint.name_len),
	  .members = {
		TOLD("cookie", NUMBER, raw_tracepoint.cookie, COOKIE),
	} },
	{ BPF_LINK_TYPE_TRACING, .members = {
		ROW("attach_type", TRACING_TYPE, tracing.attach_type),
		ROW("target_obj_id", NUMBER, tracing.target_obj_id,
		    .when = LINK_ON_KERNEL),
		ROW("target_prog_id", NUMBER, tracing.target_obj_id,
		    .when = LINK_ON_PROGRAM),
		ROW("target_btf_id", NUMBER, tracing.target_btf_id,
		    .names = LINK_NAMES_FUNCTION),
		TOLD("cookie", NUMBER, tracing.cookie, COOKIE),
	} },
	{ BPF_LINK_TYPE_CGROUP, .members = {
		ROW("cgroup_id", NUMBER, cgroup.cgroup_id, .vital = true,
		    .names = LINK_NAMES_CGROUP),
		ROW("attach_type", ATTACH_TYPE, cgroup.attach_type),
	} },
	{ BPF_LINK_TYPE_ITER, NAME("target_name", iter.name, iter.name_len),
	  .members = {
		ROW("map_id", NUMBER, iter.map_id, .name = MAP_ITER,
		    .names = LINK_NAMES_ITER_MAP),
		ROW("cgroup_id", NUMBER, iter.cgroup.id, .name = "cgroup",
		    .names = LINK_NAMES_ITER_CGROUP),
		ROW("order", NUMBER, iter.cgroup.order, .name = "cgroup"),
		ROW("tid", NUMBER, iter.task.tid, .name = "task*"),
		ROW("pid", NUMBER, iter.task.pid, .name = "task*"),
	} },
	{ BPF_LINK_TYPE_NETNS, .members = {
		ROW("netns_ino", NUMBER, netns.ino, .vital = true,
		    .names = LINK_NAMES_NETNS),
		ROW("attach_type", ATTACH_TYPE, netns.attach_type),
	} },
	{ BPF_LINK_TYPE_XDP, .members = {
		ROW("ifindex", NUMBER, netdev.ifindex, .vital = true,
		    .names = LINK_NAMES_INTERFACE),
	} },
	{ BPF_LINK_TYPE_TCX, NETDEV },
	{ BPF_LINK_TYPE_NETKIT, NETDEV },
	{ BPF_LINK_TYPE_STRUCT_OPS, .members = {
		ROW("map_id", NUMBER, map.map_id, .vital = true,
		    .names = LINK_NAMES_MAP),
	} },
	{ BPF_LINK_TYPE_SOCKMAP, .members = {
		ROW("map_id", NUMBER, map.map_id, .vital = true,
		    .names = LINK_NAMES_MAP),
		ROW("attach_type", ATTACH_TYPE, map.attach_type),
	} },
	{ BPF_LINK_TYPE_NETFILTER, .untold = true, .members = {
		ROW("pf", FAMILY, netfilter.pf),
		ROW("hook", HOOK, netfilter.hooknum),
		ROW("priority", SIGNED, netfilter.priority),
		ROW("flags", HEX, netfilter.flags),
	} },
	{ BPF_LINK_TYPE_KPROBE_MULTI, .count = AT(kprobe_multi.count),
	  .where = AT(kprobe_multi.addrs),
	  .cookies = AT(kprobe_multi.cookies),
	  .members = {
		ROW("sites", NUMBER, kprobe_multi.count,
		    .has = LINK_HAS_SITES),
		ROW("flags", HEX, kprobe_multi.flags, .has = LINK_HAS_RET),
		TOLD("missed", NUMBER, kprobe_multi.missed, MISSED),
	} },
	{ BPF_LINK_TYPE_UPROBE_MULTI, .count = AT(uprobe_multi.count),
	  NAME("path", uprobe_multi.path, uprobe_multi.path_size),
	  .where = AT(uprobe_multi.offsets),
	  .ref_ctrs = AT(uprobe_multi.ref_ctrs),
	  .cookies = AT(uprobe_multi.cookies),
	  .members = {
		ROW("sites", NUMBER, uprobe_multi.count,
		    .has = LINK_HAS_SITES),
		ROW("flags", HEX, uprobe_multi.flags, .has = LINK_HAS_RET),
		ROW("pid", NUMBER, uprobe_multi.pid, .has = LINK_HAS_PID),
	} },
	{ BPF_LINK_TYPE_TRACING_MULTI, .count = AT(tracing_multi.count),
	  .members = {
		ROW("attach_type", ATTACH_TYPE, tracing_multi.attach_type),
		ROW("sites", NUMBER, tracing_multi.count,
		    .has = LINK_HAS_SITES),
		ROW("target_obj_id", NUMBER, tracing_multi.obj_id),
	} },
};
/* clang-format on */

const struct link_layout *link_layout(const struct abi_link_info *info)
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

uint64_t link_value(const struct abi_link_info *info, size_t offset,
		    size_t size)
{
	const char *at = (const char *)info + offset;
	uint64_t wide;
	uint32_t narrow;

	if (size == sizeof(wide)) {
		memcpy(&wide, at, sizeof(wide));
		return wide;
	}
	memcpy(&narrow, at, sizeof(narrow));
	return narrow;
}

bool link_defunct(const struct abi_link_info *info)
{
	const struct link_layout *layout = link_layout(info);
	const struct link_member *m;

	if (!layout)
		return false;
	if (layout->untold && link_ended_has(info->id))
		return true;
	for (m = layout->members; m->key; m++)
		if (m->vital && !link_value(info, m->offset, m->size))
			return true;
	return false;
}
