/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * spec_reclaim.h - ids of a USDT spec map that no link has any more; private to
 * spec_*.c.
 */
#ifndef ATTACH_KIND_USDT_SPEC_RECLAIM_H
#define ATTACH_KIND_USDT_SPEC_RECLAIM_H

struct specs_map;

/*
 * Asks the links of the kernel which of the ids that are not ours are in use
 * still, and frees the others.  Nothing when some link does not tell (6.9).
 * Locking: the caller's, as for all of the map.
 */
void specs_map_reclaim(struct specs_map *map);

#endif
