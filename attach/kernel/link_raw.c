// SPDX-License-Identifier: BSD-2-Clause
/* link_raw.c - asking the kernel about a link. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/link_raw.h"

#define AT(member) offsetof(struct abi_link_info, member)

enum { MAX_UNTOLD = 2 };

/*
 * What the second call asks for, a row a layout.  Offsets are into struct
 * abi_link_info; 0, which is `type`, stands for none.
 */
struct ask {
	uint32_t type;
	uint32_t perf_type; /* 0 is any */
	size_t name, name_len;
	size_t count, where, ref_ctrs, cookies;
	size_t untold[MAX_UNTOLD];
};

/* clang-format off */
#define ASK_PERF(number, member)                        \
	.type = BPF_LINK_TYPE_PERF_EVENT,               \
	.perf_type = BPF_PERF_EVENT_##number,           \
	.name = AT(perf.member.name),                   \
	.name_len = AT(perf.member.name_len)

static const struct ask asks[] = {
	{
		.type = BPF_LINK_TYPE_RAW_TRACEPOINT,
		.name = AT(raw_tracepoint.name),
		.name_len = AT(raw_tracepoint.name_len),
		.untold = {AT(raw_tracepoint.cookie)},
	},
	{
		.type = BPF_LINK_TYPE_TRACING,
		.untold = {AT(tracing.cookie)},
	},
	{
		.type = BPF_LINK_TYPE_ITER,
		.name = AT(iter.name),
		.name_len = AT(iter.name_len),
	},
	{
		ASK_PERF(UPROBE, uprobe),
		.untold = {AT(perf.uprobe.cookie), AT(perf.uprobe.ref_ctr)},
	},
	{
		ASK_PERF(URETPROBE, uprobe),
		.untold = {AT(perf.uprobe.cookie), AT(perf.uprobe.ref_ctr)},
	},
	{
		ASK_PERF(KPROBE, kprobe),
		.untold = {AT(perf.kprobe.cookie), AT(perf.kprobe.missed)},
	},
	{
		ASK_PERF(KRETPROBE, kprobe),
		.untold = {AT(perf.kprobe.cookie), AT(perf.kprobe.missed)},
	},
	{
		ASK_PERF(TRACEPOINT, tracepoint),
		.untold = {AT(perf.tracepoint.cookie)},
	},
	{
		.type = BPF_LINK_TYPE_PERF_EVENT,
		.perf_type = BPF_PERF_EVENT_EVENT,
		.untold = {AT(perf.event.cookie)},
	},
	{
		.type = BPF_LINK_TYPE_KPROBE_MULTI,
		.count = AT(kprobe_multi.count),
		.where = AT(kprobe_multi.addrs),
		.cookies = AT(kprobe_multi.cookies),
		.untold = {AT(kprobe_multi.missed)},
	},
	{
		.type = BPF_LINK_TYPE_UPROBE_MULTI,
		.name = AT(uprobe_multi.path),
		.name_len = AT(uprobe_multi.path_size),
		.count = AT(uprobe_multi.count),
		.where = AT(uprobe_multi.offsets),
		.ref_ctrs = AT(uprobe_multi.ref_ctrs),
		.cookies = AT(uprobe_multi.cookies),
	},
};
/* clang-format on */

static const struct ask *ask_find(const struct abi_link_info *info)
{
	size_t i;

	for (i = 0; i < COUNT(asks); i++) {
		if (asks[i].type != info->type)
			continue;
		if (!asks[i].perf_type || asks[i].perf_type == info->perf.type)
			return &asks[i];
	}
	return NULL;
}

static uint32_t get_u32(const struct abi_link_info *info, size_t offset)
{
	uint32_t value;

	memcpy(&value, (const char *)info + offset, sizeof(value));
	return value;
}

/* What the kernel does not know must be zero, or it refuses all: E2BIG. */
static void put_u32(struct link_raw *raw, size_t offset, uint32_t value)
{
	if (offset && offset + sizeof(value) <= raw->size)
		memcpy((char *)&raw->info + offset, &value, sizeof(value));
}

static void put_u64(struct link_raw *raw, size_t offset, uint64_t value)
{
	if (offset && offset + sizeof(value) <= raw->size)
		memcpy((char *)&raw->info + offset, &value, sizeof(value));
}

static void put_pointer(struct link_raw *raw, size_t offset, const void *to)
{
	put_u64(raw, offset, (uintptr_t)to);
}

bool link_raw_told(const struct link_raw *raw, size_t offset)
{
	uint64_t value;

	if (offset + sizeof(value) > raw->size)
		return false;
	memcpy(&value, (const char *)&raw->info + offset, sizeof(value));
	return value != LINK_UNTOLD;
}

bool link_raw_told_sites(const struct link_raw *raw, const uint64_t *values)
{
	size_t i;

	for (i = 0; i < raw->nsites; i++)
		if (values[i] != LINK_UNTOLD)
			return true;
	return false;
}

int link_raw_alloc(struct link_raw *raw, size_t nsites)
{
	uint64_t *values = calloc(3 * nsites + 1, sizeof(*values));
	size_t i;

	if (!values)
		return -ENOMEM;
	for (i = 0; i < 3 * nsites; i++)
		values[i] = LINK_UNTOLD;
	raw->where = values;
	raw->ref_ctrs = values + nsites;
	raw->cookies = values + 2 * nsites;
	raw->nsites = nsites;
	return 0;
}

void link_raw_clear(struct link_raw *raw)
{
	free(raw->where);
	raw->where = raw->ref_ctrs = raw->cookies = NULL;
	raw->nsites = 0;
}

/* The sites of a link never change, so the count of the first call holds. */
static int ask_fill(const struct ask *ask, struct link_raw *raw)
{
	uint32_t count = ask->count ? get_u32(&raw->info, ask->count) : 0;
	size_t i;

	if (count > ABI_MULTI_SITES)
		return -E2BIG;
	if (count) {
		if (link_raw_alloc(raw, count))
			return -ENOMEM;
		put_pointer(raw, ask->where, raw->where);
		put_pointer(raw, ask->ref_ctrs, raw->ref_ctrs);
		put_pointer(raw, ask->cookies, raw->cookies);
	}
	put_pointer(raw, ask->name, raw->name);
	put_u32(raw, ask->name_len, sizeof(raw->name));
	for (i = 0; i < MAX_UNTOLD; i++)
		put_u64(raw, ask->untold[i], LINK_UNTOLD);
	return 0;
}

/* The full question; when it is refused the first answer stays. */
static int ask_again(int fd, const struct ask *ask, struct link_raw *raw)
{
	struct abi_link_info first = raw->info;
	uint32_t size = sizeof(raw->info);
	int err;

	err = ask_fill(ask, raw);
	if (!err)
		err = bpf_info(fd, &raw->info, &size);
	if (!err)
		return 0;
	link_raw_clear(raw);
	raw->info = first;
	raw->size = offsetof(struct abi_link_info, perf);
	raw->name[0] = '\0';
	return err == -ENOMEM ? err : 0;
}

int link_raw_get(int fd, struct link_raw *raw)
{
	const struct ask *ask;
	int err;

	memset(raw, 0, sizeof(*raw));
	raw->size = sizeof(raw->info);
	err = bpf_info(fd, &raw->info, &raw->size);
	if (err)
		return err;
	ask = ask_find(&raw->info);
	return ask ? ask_again(fd, ask, raw) : 0;
}
