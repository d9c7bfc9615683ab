/* SPDX-License-Identifier: BSD-2-Clause */
/* bpf_map.h - going through the pairs of a map by bpf(2). */
#ifndef ATTACH_KERNEL_MAP_BPF_MAP_H
#define ATTACH_KERNEL_MAP_BPF_MAP_H

#include <stdint.h>

/* After key (NULL: the first); -ENOENT: there is none. */
int bpf_map_next_key(int fd, const void *key, void *next);

/*
 * From the place `from` on (NULL: the first), which is as large as a key, but at
 * least 4 bytes; at most *count pairs, and how many there were.  -ENOENT: these
 * are the last; -ENOSPC: there has to be room for more.  5.6.
 */
int bpf_map_lookup_batch(int fd, const void *from, void *next, void *keys,
			 void *values, uint32_t *count);

#endif
