/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec_ids.h - the holders of ids in the USDT spec maps of programs.
 *
 * A program built with libbpf's usdt.bpf.h finds its arguments in its map
 * __bpf_usdt_specs, under the id that its link's cookie holds.  Several probes
 * can share a program, and several programs a map, so the ids of a map are
 * given out in one place: from the top down, because libbpf goes from the
 * bottom up; equal specs share one id and are counted.
 *
 * An id is taken only if its value in the map is all zeros, so what others have
 * written there is left alone, and if no other daemon has a lock on it.  When
 * no id is free any more, those that others held and that no link has now are
 * taken back, on kernels that tell a link's cookie (6.9).
 *
 * Locking: thread-safe; a lock of its own inside, under which bpf(2) is called
 * on maps and links, and nothing else.
 */
#ifndef ATTACH_KIND_USDT_SPEC_IDS_H
#define ATTACH_KIND_USDT_SPEC_IDS_H

#include <stddef.h>
#include <stdint.h>

#include "fail.h"
#include "usdt/usdt_spec.h"

/* The ids that one probe holds; counted, so that it may hold one twice. */
struct specs;

/*
 * Writes the n specs to the map and gives the id of each in ids[].  All or
 * none: E2BIG when the map could not hold them, ENOSPC when others, or what the
 * same probe holds still, leave too little of it.  map_fd is borrowed and
 * duplicated.
 */
int specs_take(int map_fd, const struct usdt_spec *list, size_t n,
	       uint32_t *ids, struct specs **out, struct err *e);

/*
 * Holds ids that a link which was taken over has had before.  The specs are
 * those that the map has.  EINVAL for an id that the map does not have.
 */
int specs_adopt(int map_fd, const uint32_t *ids, size_t n, struct specs **out,
		struct err *e);

void specs_give(struct specs *specs); /* back; NULL is fine */

/* Instead: a pin keeps the link alive, so the ids stay taken. */
void specs_leave(struct specs *specs);

#endif
