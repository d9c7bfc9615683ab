// SPDX-License-Identifier: BSD-2-Clause
/* bpf_map.c - going through the pairs of a map by bpf(2). */
#include <errno.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/kernel/map/bpf_map.h"

/* As in attach/kernel/bpf.c. */
static int bpf_call(int command, void *attr, size_t size)
{
	long result = syscall(SYS_bpf, command, attr, size);

	return result < 0 ? -errno : (int)result;
}

static __u64 address_of(const void *pointer)
{
	return (__u64)(uintptr_t)pointer;
}

int bpf_map_next_key(int fd, const void *key, void *next)
{
	union bpf_attr attr = { 0 };

	attr.map_fd = (__u32)fd;
	attr.key = address_of(key);
	attr.next_key = address_of(next);
	return bpf_call(BPF_MAP_GET_NEXT_KEY, &attr, sizeof(attr));
}

int bpf_map_lookup_batch(int fd, const void *from, void *next, void *keys,
			 void *values, uint32_t *count)
{
	union bpf_attr attr = { 0 };
	int err;

	attr.batch.in_batch = address_of(from);
	attr.batch.out_batch = address_of(next);
	attr.batch.keys = address_of(keys);
	attr.batch.values = address_of(values);
	attr.batch.count = *count;
	attr.batch.map_fd = (__u32)fd;
	err = bpf_call(BPF_MAP_LOOKUP_BATCH, &attr, sizeof(attr));
	*count = err && err != -ENOENT && err != -EINTR ? 0 : attr.batch.count;
	return err;
}
