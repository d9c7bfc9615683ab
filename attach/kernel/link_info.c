// SPDX-License-Identifier: BSD-2-Clause
/* link_info.c - from the kernel's answer about a link to a struct link_info. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/link_raw.h"

#define AT(member) offsetof(struct abi_link_info, member)

/* Members that are there or not, by what the kernel told. */
struct optional {
	size_t from; /* in struct abi_link_info; 0 is none */
	size_t to; /* in struct link_info */
	unsigned int has;
};

enum { MAX_OPTIONAL = 3 };

struct decoder {
	uint32_t type;
	uint32_t perf_type; /* 0 is any */
	size_t offset; /* of the 32 bits of a function's or file's offset */
	size_t flags; /* bit 0: on return */
	size_t pid;
	struct optional optional[MAX_OPTIONAL];
};

/* clang-format off */
#define COOKIE(member) \
	{ AT(member), offsetof(struct link_info, cookie), LINK_HAS_COOKIE }
#define MISSED(member) \
	{ AT(member), offsetof(struct link_info, missed), LINK_HAS_MISSED }
#define REF_CTR(member) \
	{ AT(member), offsetof(struct link_info, ref_ctr), LINK_HAS_REF_CTR }
#define ADDRESS(member) \
	{ AT(member), offsetof(struct link_info, address), LINK_HAS_ADDRESS }

#define UPROBE                                                         \
	.type = BPF_LINK_TYPE_PERF_EVENT,                              \
	.offset = AT(perf.uprobe.offset),                              \
	.optional = {COOKIE(perf.uprobe.cookie), REF_CTR(perf.uprobe.ref_ctr)}
#define KPROBE                                                         \
	.type = BPF_LINK_TYPE_PERF_EVENT,                              \
	.offset = AT(perf.kprobe.offset),                              \
	.optional = {COOKIE(perf.kprobe.cookie), MISSED(perf.kprobe.missed), \
		     ADDRESS(perf.kprobe.address)}

static const struct decoder decoders[] = {
	{ .perf_type = BPF_PERF_EVENT_UPROBE, UPROBE },
	{ .perf_type = BPF_PERF_EVENT_URETPROBE, UPROBE },
	{ .perf_type = BPF_PERF_EVENT_KPROBE, KPROBE },
	{ .perf_type = BPF_PERF_EVENT_KRETPROBE, KPROBE },
	{
		.type = BPF_LINK_TYPE_PERF_EVENT,
		.perf_type = BPF_PERF_EVENT_TRACEPOINT,
		.optional = {COOKIE(perf.tracepoint.cookie)},
	},
	{
		.type = BPF_LINK_TYPE_PERF_EVENT,
		.perf_type = BPF_PERF_EVENT_EVENT,
		.optional = {COOKIE(perf.event.cookie)},
	},
	{
		.type = BPF_LINK_TYPE_RAW_TRACEPOINT,
		.optional = {COOKIE(raw_tracepoint.cookie)},
	},
	{
		.type = BPF_LINK_TYPE_TRACING,
		.optional = {COOKIE(tracing.cookie)},
	},
	{
		.type = BPF_LINK_TYPE_KPROBE_MULTI,
		.flags = AT(kprobe_multi.flags),
		.optional = {MISSED(kprobe_multi.missed)},
	},
	{
		.type = BPF_LINK_TYPE_UPROBE_MULTI,
		.flags = AT(uprobe_multi.flags),
		.pid = AT(uprobe_multi.pid),
	},
};
/* clang-format on */

static const struct decoder *decoder_find(const struct link_info *info)
{
	size_t i;

	for (i = 0; i < COUNT(decoders); i++)
		if (decoders[i].type == info->type &&
		    decoders[i].perf_type == info->perf_type)
			return &decoders[i];
	return NULL;
}

static uint32_t get_u32(const struct link_raw *raw, size_t offset)
{
	uint32_t value;

	memcpy(&value, (const char *)&raw->info + offset, sizeof(value));
	return value;
}

static void decode_optional(const struct link_raw *raw,
			    const struct optional *optional,
			    struct link_info *info)
{
	char *to = (char *)info + optional->to;

	if (!optional->from || !link_raw_told(raw, optional->from))
		return;
	memcpy(to, (const char *)&raw->info + optional->from, sizeof(uint64_t));
	info->has |= optional->has;
}

static void decode_members(const struct link_raw *raw,
			   const struct decoder *decoder,
			   struct link_info *info)
{
	size_t i;

	for (i = 0; i < MAX_OPTIONAL; i++)
		decode_optional(raw, &decoder->optional[i], info);
	if (decoder->offset) {
		info->offset = get_u32(raw, decoder->offset);
		info->ret = info->perf_type == BPF_PERF_EVENT_URETPROBE ||
			    info->perf_type == BPF_PERF_EVENT_KRETPROBE;
		info->has |= LINK_HAS_OFFSET | LINK_HAS_RET;
	}
	/* kallsyms_show_value() decides whether it is told. */
	if (!info->address)
		info->has &= ~LINK_HAS_ADDRESS;
}

static int decode_sites(const struct link_raw *raw,
			const struct decoder *decoder, struct link_info *info)
{
	bool ref_ctrs = link_raw_told_sites(raw, raw->ref_ctrs);
	bool cookies = link_raw_told_sites(raw, raw->cookies);
	struct link_site *site;
	size_t i;

	info->sites = calloc(raw->nsites, sizeof(*info->sites));
	if (!info->sites)
		return -ENOMEM;
	info->nsites = raw->nsites;
	for (i = 0; i < raw->nsites; i++) {
		site = &info->sites[i];
		site->where = raw->where[i];
		site->ref_ctr = ref_ctrs ? raw->ref_ctrs[i] : 0;
		site->cookie = cookies ? raw->cookies[i] : 0;
	}
	info->has |= LINK_HAS_SITES | LINK_HAS_RET;
	info->has |= ref_ctrs ? LINK_HAS_REF_CTR : 0;
	info->has |= cookies ? LINK_HAS_COOKIE : 0;
	info->ret = get_u32(raw, decoder->flags) & 1;
	if (decoder->pid) {
		info->pid = get_u32(raw, decoder->pid);
		info->has |= LINK_HAS_PID;
	}
	return 0;
}

int link_raw_decode(const struct link_raw *raw, struct link_info *info)
{
	const struct decoder *decoder;

	info->raw = raw->info;
	info->type = raw->info.type;
	info->id = raw->info.id;
	info->prog_id = raw->info.prog_id;
	if (info->type == BPF_LINK_TYPE_PERF_EVENT)
		info->perf_type = raw->info.perf.type;
	memcpy(info->name, raw->name, sizeof(info->name));
	if (info->name[0])
		info->has |= LINK_HAS_NAME;
	decoder = decoder_find(info);
	if (!decoder)
		return 0;
	decode_members(raw, decoder, info);
	return raw->nsites ? decode_sites(raw, decoder, info) : 0;
}

int link_info_get(int fd, struct link_info *info)
{
	struct link_raw raw;
	int rc;

	memset(info, 0, sizeof(*info));
	rc = link_raw_get(fd, &raw);
	if (!rc)
		rc = link_raw_decode(&raw, info);
	link_raw_clear(&raw);
	return rc;
}

void link_info_clear(struct link_info *info)
{
	free(info->sites);
	info->sites = NULL;
	info->nsites = 0;
}

/* "fd/N", of which the kernel was told in the name of some process. */
static bool is_descriptor(const char *path)
{
	const char *rest = strstr(path, "/fd/");

	return !strncmp(path, "/proc/", strlen("/proc/")) && rest && rest[4] &&
	       !rest[4 + strspn(rest + 4, "0123456789")];
}

bool link_told_path(const struct link_info *info)
{
	return info->has & LINK_HAS_NAME && info->name[0] == '/' &&
	       !is_descriptor(info->name);
}

int link_id(int fd, uint32_t *id)
{
	struct abi_link_info info = { 0 };
	uint32_t size = sizeof(info);
	int err = bpf_info(fd, &info, &size);

	*id = info.id;
	return err;
}

int link_prog_id(int fd, uint32_t *id)
{
	struct abi_link_info info = { 0 };
	uint32_t size = sizeof(info);
	int err = bpf_info(fd, &info, &size);

	*id = info.prog_id;
	return err;
}
