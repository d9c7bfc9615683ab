/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_members.h - what the kernel tells of each type of link: the one table by
 * which a link is asked about, decoded, shown, and seen to have nothing to be
 * on any more.
 *
 * Offsets are into struct abi_link_info; 0, which is `type`, stands for none.
 */
#ifndef ATTACH_KERNEL_LINK_LINK_MEMBERS_H
#define ATTACH_KERNEL_LINK_LINK_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attach/kernel/abi.h"

/* How a value is printed: a row of link_show.c each. */
enum link_format {
	LINK_NUMBER,
	LINK_SIGNED,
	LINK_HEX,
	LINK_ATTACH_TYPE,
	LINK_TRACING_TYPE, /* 0 is freplace's: no program has another there */
	LINK_PERF_TYPE,
	LINK_FAMILY, /* NFPROTO_... */
	LINK_HOOK, /* NF_INET_... */
};

/* What a number is a name of: a row of link_target.c each. */
enum link_names {
	LINK_NAMES_NOTHING,
	LINK_NAMES_FUNCTION,
	LINK_NAMES_MAP,
	LINK_NAMES_ITER_MAP,
	LINK_NAMES_CGROUP,
	LINK_NAMES_ITER_CGROUP,
	LINK_NAMES_NETNS,
	LINK_NAMES_INTERFACE,
	LINK_NAMES_EVENT,
};

/* What a row is only for. */
enum link_when {
	LINK_ALWAYS,
	LINK_ON_PROGRAM, /* a link on a BPF program's function */
	LINK_ON_KERNEL, /* on another one */
};

struct link_member {
	const char *key; /* of its line; NULL after the last */
	size_t offset;
	size_t size; /* 4 or 8 bytes */
	enum link_format format;
	enum link_names names; /* a line after that of the number */
	enum link_when when;
	unsigned int has; /* LINK_HAS_...: what it becomes in link_info */
	const char *name; /* only when the link's name matches: fnmatch(3) */
	bool sentinel; /* goes in as LINK_UNTOLD, since older kernels lack it */
	bool vital; /* zero when what the link was attached to is gone */
};

enum { LINK_MEMBERS = 5 }; /* at most */

struct link_layout {
	uint32_t type;
	uint32_t perf_type; /* of perf_event links; 0 of others */
	const char *name_key; /* NULL: the name is not shown */
	size_t name, name_len;
	size_t count; /* of sites; zero when the kernel tells nothing */
	size_t where, ref_ctrs, cookies;
	bool untold; /* no member is vital, though such links can be detached */
	struct link_member members[LINK_MEMBERS + 1];
};

/* NULL for a type that the kernel tells nothing of, or that is newer. */
const struct link_layout *link_layout(const struct abi_link_info *info);

/* The value of size bytes there. */
uint64_t link_value(const struct abi_link_info *info, size_t offset,
		    size_t size);

/* A vital member is zero; or the link is known to be detached: link_ended.h. */
bool link_defunct(const struct abi_link_info *info);

#endif
