// SPDX-License-Identifier: BSD-2-Clause
/* handle.c - the table of open files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/tree.h>

#include "fs/tree/handle.h"
#include "fs/user/owner.h"

struct entry {
	RB_ENTRY(entry) entry;
	uid_t owner; /* of the opener's id, see owner.h */
	size_t cost;
	struct handle handle;
};

RB_HEAD(entries, entry);

struct handles {
	struct entries entries;
	uint32_t serial;
	size_t bytes; /* the sum of the costs */
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
	handles->bytes -= entry->cost;
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

static size_t bytes_of(struct handles *handles, uid_t owner)
{
	struct entry *entry;
	size_t bytes = 0;

	RB_FOREACH(entry, entries, &handles->entries)
		if (entry->owner == owner)
			bytes += entry->cost;
	return bytes;
}

/* One text may be larger than a share, if it is all that the user has open. */
static int has_room(struct handles *handles, uid_t owner, size_t more)
{
	size_t limit = owner ? HANDLES_TOTAL - HANDLES_SHARE : HANDLES_TOTAL;
	size_t own;

	if (handles->bytes + more <= HANDLES_SHARE)
		return 0;
	if (handles->bytes + more > limit)
		return -ENFILE;
	own = owner ? bytes_of(handles, owner) : 0;
	return own && own + more > HANDLES_SHARE ? -EMFILE : 0;
}

int handle_make(struct handles *handles, uid_t opener, char *text, size_t size,
		bool writes, struct handle **out)
{
	uid_t owner = owner_of(opener);
	size_t cost = HANDLE_COST + size + (writes ? HANDLE_WRITES : 0);
	int err = has_room(handles, owner, cost);
	struct entry *entry = err ? NULL : calloc(1, sizeof(*entry));

	if (!entry) {
		free(text);
		return err ? err : -ENOMEM;
	}
	entry->owner = owner;
	entry->cost = cost;
	entry->handle.text = text;
	entry->handle.size = size;
	handles->bytes += cost;
	do /* A serial number comes round after 2^32 opens. */
		entry->handle.fh = (uint64_t)opener << 32 | ++handles->serial;
	while (RB_INSERT(entries, &handles->entries, entry));
	*out = &entry->handle;
	return 0;
}

int handle_set_text(struct handles *handles, struct handle *handle, char *text,
		    size_t size)
{
	struct entry *entry = find(handles, handle->fh);
	int err = size > handle->size
			  ? has_room(handles, entry->owner, size - handle->size)
			  : 0;

	if (err) {
		free(text);
		return err;
	}
	entry->cost += size - handle->size;
	handles->bytes += size - handle->size;
	free(handle->text);
	handle->text = text;
	handle->size = size;
	return 0;
}

struct handle *handle_find(struct handles *handles, uint64_t fh)
{
	struct entry *entry = find(handles, fh);

	return entry ? &entry->handle : NULL;
}

static void exchange(char **a, char **b)
{
	char *old = *a;

	*a = *b;
	*b = old;
}

void handle_remember(struct handles *handles, uint64_t fh, char **taken,
		     char **prior, off_t end)
{
	struct handle *handle = handle_find(handles, fh);

	if (!handle)
		return;
	exchange(&handle->taken, taken);
	exchange(&handle->prior, prior);
	handle->ntaken = handle->taken ? strlen(handle->taken) : 0;
	handle->end = end;
}

void handle_forget(struct handles *handles, uint64_t fh)
{
	char *taken = NULL, *prior = NULL;

	handle_remember(handles, fh, &taken, &prior, 0);
	free(taken);
	free(prior);
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
