// SPDX-License-Identifier: BSD-2-Clause
/* link_info.c - from the kernel's answer about a link to a struct link_info. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/link/link_fdinfo.h"
#include "attach/kernel/link/link_members.h"
#include "attach/kernel/link/link_raw.h"

/* Where a member goes, by what it is. */
static const struct part {
	unsigned int has;
	size_t offset; /* in struct link_info */
	size_t size;
} parts[] = {
/* clang-format off */
#define PART(what, member) \
	{ LINK_HAS_##what, offsetof(struct link_info, member), \
	  sizeof(((struct link_info *)NULL)->member) }
	PART(OFFSET, offset),
	PART(ADDRESS, address),
	PART(COOKIE, cookie),
	PART(MISSED, missed),
	PART(REF_CTR, ref_ctr),
	PART(PID, pid),
/* clang-format on */
#undef PART
};

static void part_put(unsigned int has, uint64_t value, struct link_info *info)
{
	char *to = (char *)info;
	uint32_t narrow = (uint32_t)value;
	size_t i;

	for (i = 0; i < COUNT(parts); i++) {
		if (parts[i].has != has)
			continue;
		if (parts[i].size == sizeof(value))
			memcpy(to + parts[i].offset, &value, sizeof(value));
		else
			memcpy(to + parts[i].offset, &narrow, sizeof(narrow));
	}
}

/* Flags: bit 0 of a multi link's.  They are told with the sites. */
static bool part_told(const struct link_raw *raw, const struct link_member *m)
{
	switch (m->has) {
	case 0:
		return false;
	case LINK_HAS_SITES:
	case LINK_HAS_RET:
	case LINK_HAS_PID:
		return raw->nsites;
	case LINK_HAS_OFFSET:
		return true;
	default:
		return link_raw_told(raw, m->offset);
	}
}

static void decode_member(const struct link_raw *raw,
			  const struct link_member *m, struct link_info *info)
{
	uint64_t value = link_value(&raw->info, m->offset, m->size);

	if (!part_told(raw, m))
		return;
	part_put(m->has, value, info);
	info->has |= m->has;
	if (m->has == LINK_HAS_RET)
		info->ret = value & 1;
}

static void decode_members(const struct link_raw *raw,
			   const struct link_layout *layout,
			   struct link_info *info)
{
	const struct link_member *m;

	for (m = layout->members; m->key; m++)
		decode_member(raw, m, info);
	if (info->has & LINK_HAS_OFFSET) {
		info->ret = info->perf_type == BPF_PERF_EVENT_URETPROBE ||
			    info->perf_type == BPF_PERF_EVENT_KRETPROBE;
		info->has |= LINK_HAS_RET;
	}
	/* kallsyms_show_value() decides whether it is told. */
	if (!info->address)
		info->has &= ~LINK_HAS_ADDRESS;
}

static int decode_sites(const struct link_raw *raw, struct link_info *info)
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
	info->has |= ref_ctrs ? LINK_HAS_REF_CTR : 0;
	info->has |= cookies ? LINK_HAS_COOKIE : 0;
	return 0;
}

int link_raw_decode(const struct link_raw *raw, struct link_info *info)
{
	const struct link_layout *layout = link_layout(&raw->info);

	info->raw = raw->info;
	info->type = raw->info.type;
	info->id = raw->info.id;
	info->prog_id = raw->info.prog_id;
	if (info->type == BPF_LINK_TYPE_PERF_EVENT)
		info->perf_type = raw->info.perf.type;
	memcpy(info->name, raw->name, sizeof(info->name));
	if (info->name[0])
		info->has |= LINK_HAS_NAME;
	if (!layout)
		return 0;
	decode_members(raw, layout, info);
	return raw->nsites ? decode_sites(raw, info) : 0;
}

int link_info_get(int fd, struct link_info *info)
{
	struct link_raw raw;
	int err;

	memset(info, 0, sizeof(*info));
	err = link_raw_get(fd, &raw);
	if (!err)
		err = link_fdinfo_get(fd, &raw);
	if (!err)
		err = link_raw_decode(&raw, info);
	link_raw_clear(&raw);
	return err;
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

bool link_alive(int fd)
{
	struct abi_link_info info = { 0 };
	uint32_t size = sizeof(info);

	return !bpf_info(fd, &info, &size) &&
	       (info.prog_id || info.type == BPF_LINK_TYPE_STRUCT_OPS) &&
	       !link_defunct(&info);
}
