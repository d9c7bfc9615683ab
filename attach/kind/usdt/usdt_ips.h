/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * usdt_ips.h - whose arguments a program finds at an address, on kernels
 * without cookies (before 5.15).
 *
 * There a program built with usdt.bpf.h looks up the address of the instruction
 * in its map __bpf_usdt_ip_to_spec_id, which holds the id of one spec.  Several
 * probes can share a program and an address, and so does a probe with the one
 * that is made to take its place: the entry is that of the last, and when this
 * goes that of the one before, until nobody is left.
 *
 * An id that was there before any of ours is another process's, and is put back
 * in the end while it has a spec.
 *
 * Locking: thread-safe; a lock of its own inside, a leaf, under which bpf(2) is
 * called on maps and nothing else.
 */
#ifndef ATTACH_KIND_USDT_USDT_IPS_H
#define ATTACH_KIND_USDT_USDT_IPS_H

#include <stddef.h>
#include <stdint.h>

struct usdt_ip { /* an entry */
	uint64_t address;
	uint32_t id;
};

/* The entries that one probe uses. */
struct usdt_ips;

/*
 * Writes the n entries to the map ip_map: all or none.  Both descriptors are
 * borrowed and duplicated; specs_map has the specs of the ids.  An errno of
 * bpf(2) or -ENOMEM.
 */
int usdt_ips_take(int ip_map, int specs_map, const struct usdt_ip *list,
		  size_t n, struct usdt_ips **out);
void usdt_ips_give(struct usdt_ips *ips); /* NULL is fine */

#endif
