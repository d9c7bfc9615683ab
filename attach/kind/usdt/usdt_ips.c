// SPDX-License-Identifier: BSD-2-Clause
/* usdt_ips.c - the users of each entry of __bpf_usdt_ip_to_spec_id. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "attach/kernel/bpf.h"
#include "attach/kind/usdt/usdt_ips.h"
#include "scope.h"
#include "usdt/usdt_spec.h"

enum {
	BUCKETS = 1 << 12,
};

struct ip_entry {
	LIST_ENTRY(ip_entry) link;
	uint32_t map;
	uint64_t address;
	TAILQ_HEAD(ip_users, ip_user) users; /* the last one first */
	bool others; /* another process's id was there before ours */
	uint32_t others_id;
};

struct ip_user {
	TAILQ_ENTRY(ip_user) link;
	struct ip_entry *entry;
	uint32_t id;
};

struct usdt_ips {
	int map, specs_map;
	uint32_t map_id;
	size_t n;
	struct ip_user users[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static LIST_HEAD(ip_bucket, ip_entry) buckets[BUCKETS];

/* Fibonacci hashing: 2^64 divided by the golden ratio. */
static struct ip_bucket *bucket_of(uint32_t map, uint64_t address)
{
	uint64_t hash = (address ^ (uint64_t)map << 48) * 0x9e3779b97f4a7c15;

	return &buckets[hash >> 52 & (BUCKETS - 1)];
}

static struct ip_entry *find(uint32_t map, uint64_t address)
{
	struct ip_entry *entry;

	LIST_FOREACH(entry, bucket_of(map, address), link)
		if (entry->map == map && entry->address == address)
			break;
	return entry;
}

static struct ip_entry *find_or_make(const struct usdt_ips *ips,
				     uint64_t address)
{
	struct ip_entry *entry = find(ips->map_id, address);

	if (entry)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->map = ips->map_id;
	entry->address = address;
	TAILQ_INIT(&entry->users);
	entry->others = !bpf_map_lookup(ips->map, &address, &entry->others_id);
	LIST_INSERT_HEAD(bucket_of(entry->map, address), entry, link);
	return entry;
}

static bool has_spec(const struct usdt_ips *ips, uint32_t id)
{
	static const struct usdt_spec zeros;
	struct usdt_spec spec = { .size = 0 };

	return !bpf_map_lookup(ips->specs_map, &id, spec.bytes) &&
	       memcmp(spec.bytes, zeros.bytes, sizeof(spec.bytes)) != 0;
}

/* What the entry is to say now; nothing is written over what others wrote. */
static void settle(const struct usdt_ips *ips, struct ip_entry *entry,
		   uint32_t was)
{
	const struct ip_user *last = TAILQ_FIRST(&entry->users);
	uint64_t address = entry->address;
	uint32_t now;

	if (bpf_map_lookup(ips->map, &address, &now) || now != was)
		return;
	if (last)
		bpf_map_update(ips->map, &address, &last->id, BPF_ANY);
	else if (entry->others && has_spec(ips, entry->others_id))
		bpf_map_update(ips->map, &address, &entry->others_id, BPF_ANY);
	else
		bpf_map_delete(ips->map, &address);
}

static void drop_if_unused(struct ip_entry *entry)
{
	if (!TAILQ_EMPTY(&entry->users))
		return;
	LIST_REMOVE(entry, link);
	free(entry);
}

static void give(const struct usdt_ips *ips, struct ip_user *user)
{
	struct ip_entry *entry = user->entry;
	bool is_last = TAILQ_FIRST(&entry->users) == user;

	TAILQ_REMOVE(&entry->users, user, link);
	if (is_last)
		settle(ips, entry, user->id);
	drop_if_unused(entry);
}

static int take_one(struct usdt_ips *ips, const struct usdt_ip *ip)
{
	struct ip_user *user = &ips->users[ips->n];
	int err;

	user->id = ip->id;
	user->entry = find_or_make(ips, ip->address);
	if (!user->entry)
		return -ENOMEM;
	err = bpf_map_update(ips->map, &ip->address, &ip->id, BPF_ANY);
	if (err) {
		drop_if_unused(user->entry);
		return err;
	}
	TAILQ_INSERT_HEAD(&user->entry->users, user, link);
	ips->n++;
	return 0;
}

static void ips_free(struct usdt_ips *ips)
{
	while (ips->n)
		give(ips, &ips->users[--ips->n]);
	fd_close(ips->map);
	fd_close(ips->specs_map);
	free(ips);
}

/* Room for n entries. */
static int ips_make(int ip_map, int specs_map, size_t n, struct usdt_ips **out)
{
	struct usdt_ips *ips =
		calloc(1, sizeof(*ips) + n * sizeof(ips->users[0]));
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	int err;

	if (!ips)
		return -ENOMEM;
	ips->map = fcntl(ip_map, F_DUPFD_CLOEXEC, 0);
	ips->specs_map = fcntl(specs_map, F_DUPFD_CLOEXEC, 0);
	err = ips->map < 0 || ips->specs_map < 0 ? -errno : 0;
	if (!err)
		err = bpf_info(ips->map, &info, &size);
	ips->map_id = info.id;
	if (err)
		ips_free(ips);
	else
		*out = ips;
	return err;
}

int usdt_ips_take(int ip_map, int specs_map, const struct usdt_ip *list,
		  size_t n, struct usdt_ips **out)
{
	struct usdt_ips *ips;
	int err = ips_make(ip_map, specs_map, n, &ips);
	size_t i;

	if (err)
		return err;
	pthread_mutex_lock(&lock);
	for (i = 0; i < n && !err; i++)
		err = take_one(ips, &list[i]);
	if (err)
		ips_free(ips);
	pthread_mutex_unlock(&lock);
	if (!err)
		*out = ips;
	return err;
}

void usdt_ips_give(struct usdt_ips *ips)
{
	if (!ips)
		return;
	pthread_mutex_lock(&lock);
	ips_free(ips);
	pthread_mutex_unlock(&lock);
}
