// SPDX-License-Identifier: BSD-2-Clause
/* handle.c - the table of open files. */
#include <stdlib.h>
#include <sys/tree.h>

#include "fs/handle.h"

struct entry {
	RB_ENTRY(entry) entry;
	struct handle handle;
};

RB_HEAD(entries, entry);

struct handles {
	struct entries entries;
	uint32_t serial;
};

static int compare(const struct entry *a, const struct entry *b)
{
	return (a->handle.fh > b->handle.fh) - (a->handle.fh < b->handle.fh);
}

/* clang-format off */
RB_GENERATE_INTERNAL(entries, entry, entry, compare, __attribute__((unused)) static)
/* clang-format on */

struct handles *handles_new(void)
{
	struct handles *handles = calloc(1, sizeof(*handles));

	if (handles)
		RB_INIT(&handles->entries);
	return handles;
}

static void entry_free(struct handles *handles, struct entry *entry)
{
	RB_REMOVE(entries, &handles->entries, entry);
	free(entry->handle.text);
	free(entry->handle.taken);
	free(entry->handle.prior);
	free(entry);
}

void handles_free(struct handles *handles)
{
	struct entry *entry, *next;

	if (!handles)
		return;
	RB_FOREACH_SAFE(entry, entries, &handles->entries, next)
		entry_free(handles, entry);
	free(handles);
}

static struct entry *find(struct handles *handles, uint64_t fh)
{
	struct entry key = { .handle.fh = fh };

	return RB_FIND(entries, &handles->entries, &key);
}

struct handle *handle_make(struct handles *handles, uid_t opener, char *text,
			   size_t size)
{
	struct entry *entry = calloc(1, sizeof(*entry));

	if (!entry) {
		free(text);
		return NULL;
	}
	entry->handle.text = text;
	entry->handle.size = size;
	do /* A serial number comes round after 2^32 opens. */
		entry->handle.fh = (uint64_t)opener << 32 | ++handles->serial;
	while (RB_INSERT(entries, &handles->entries, entry));
	return &entry->handle;
}

struct handle *handle_find(struct handles *handles, uint64_t fh)
{
	struct entry *entry = find(handles, fh);

	return entry ? &entry->handle : NULL;
}

bool handle_limits(const struct handle *handle, struct caller *caller)
{
	caller->denied |= ~handle->caps;
	return handle_opener(handle->fh) == caller->uid &&
	       handle->gid == caller->gid;
}

void handle_drop(struct handles *handles, uint64_t fh)
{
	struct entry *entry = find(handles, fh);

	if (entry)
		entry_free(handles, entry);
}
