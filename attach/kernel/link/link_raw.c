// SPDX-License-Identifier: BSD-2-Clause
/* link_raw.c - asking the kernel about a link. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/link/link_members.h"
#include "attach/kernel/link/link_raw.h"

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
	free(raw->names);
	raw->where = raw->ref_ctrs = raw->cookies = NULL;
	raw->names = NULL;
	raw->nsites = 0;
}

/* There is something that the first answer cannot have. */
static bool asks_more(const struct link_layout *layout)
{
	const struct link_member *m;

	for (m = layout->members; m->key; m++)
		if (m->sentinel)
			return true;
	return layout->name || layout->where;
}

static int put_sites(const struct link_layout *layout, struct link_raw *raw)
{
	uint64_t count = layout->where ? link_value(&raw->info, layout->count,
						    sizeof(uint32_t))
				       : 0;

	if (count > ABI_MULTI_SITES)
		return -E2BIG;
	if (!count)
		return 0;
	if (link_raw_alloc(raw, count))
		return -ENOMEM;
	put_pointer(raw, layout->where, raw->where);
	put_pointer(raw, layout->ref_ctrs, raw->ref_ctrs);
	put_pointer(raw, layout->cookies, raw->cookies);
	return 0;
}

/* The sites of a link never change, so the count of the first call holds. */
static int ask_fill(const struct link_layout *layout, struct link_raw *raw)
{
	const struct link_member *m;
	int err = put_sites(layout, raw);

	if (err)
		return err;
	put_pointer(raw, layout->name, raw->name);
	put_u32(raw, layout->name_len, sizeof(raw->name));
	for (m = layout->members; m->key; m++)
		if (m->sentinel)
			put_u64(raw, m->offset, LINK_UNTOLD);
	return 0;
}

/* The full question; when it is refused the first answer stays. */
static int ask_again(int fd, const struct link_layout *layout,
		     struct link_raw *raw)
{
	struct abi_link_info first = raw->info;
	uint32_t size = sizeof(raw->info);
	int err;

	err = ask_fill(layout, raw);
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
	const struct link_layout *layout;
	int err;

	memset(raw, 0, sizeof(*raw));
	raw->size = sizeof(raw->info);
	err = bpf_info(fd, &raw->info, &raw->size);
	if (err)
		return err;
	layout = link_layout(&raw->info);
	return layout && asks_more(layout) ? ask_again(fd, layout, raw) : 0;
}
