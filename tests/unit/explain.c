// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/*
 * explain.c - what the kernel's refusals mean, of the kinds on hooks: each code
 * that LINK_CREATE has for them, also those that no kernel of the tests gives.
 */
#include <errno.h>
#include <linux/netfilter.h>
#include <string.h>

#include "attach/kind/kind.h"
#include "attach/kind/target.h"
#include "tests/unit/check.h"

extern const struct kind kind_cgroup, kind_netns, kind_xdp, kind_tcx,
	kind_netkit, kind_netfilter, kind_sockmap;

enum { LOOPBACK = 1, NO_INTERFACE = 0x7ffffff0 };

/* clang-format off */
#define ROW(of, errno_, text, ...) \
	{ .kind = &kind_##of, .code = (errno_), .part = (text), __VA_ARGS__ }

static const struct row {
	const struct kind *kind;
	int code;
	const char *part; /* of the sentence */
	int becomes; /* 0: the same */
	uint32_t attach_type, flags, relative;
	uint64_t where_id;
} rows[] = {
	ROW(cgroup, E2BIG, "64 programs are on this hook of 'there'"),
	ROW(cgroup, EPERM, "rights do not help"),
	ROW(cgroup, ENOENT, "'there' has been removed"),
	ROW(cgroup, ENODEV, "'there' has been removed"),
	ROW(cgroup, ESTALE, "are not of revision"),
	ROW(cgroup, ENOENT, "the program 7 that 'order' names is not on",
	  .flags = ABI_F_ID, .relative = 7),
	ROW(cgroup, EINVAL, "ordered by links only", .relative = 7),
	ROW(cgroup, EINVAL, "made with BPF_F_PREORDER",
	  .flags = ABI_F_LINK, .relative = 7),
	ROW(cgroup, ENOMEM, "hook 'site' of 'there': no memory"),
	ROW(netns, E2BIG, "64 programs are on sk_lookup",
	  .attach_type = BPF_SK_LOOKUP),
	ROW(netns, E2BIG, "there is one at most",
	  .attach_type = BPF_FLOW_DISSECTOR),
	ROW(netns, EEXIST, "or of the first one for all",
	  .attach_type = BPF_FLOW_DISSECTOR),
	ROW(netns, EINVAL, "loaded for another hook than 'site'",
	  .attach_type = BPF_SK_LOOKUP),
	ROW(netns, EPERM, "needs CAP_NET_ADMIN",
	  .attach_type = BPF_SK_LOOKUP),
	ROW(xdp, EBUSY, "an interface takes one"),
	ROW(xdp, EEXIST, "skb and drv exclude each other"),
	ROW(xdp, EOPNOTSUPP, "has no XDP of the mode auto"),
	ROW(xdp, EINVAL, "packets may be too large",
	  .where_id = LOOPBACK),
	ROW(xdp, EINVAL, "'there' has gone meanwhile",
	  .where_id = NO_INTERFACE, .becomes = ENODEV),
	ROW(xdp, EPERM, "needs CAP_NET_ADMIN"),
	ROW(tcx, EEXIST, "takes each program once"),
	ROW(tcx, ERANGE, "63 programs are on 'site'"),
	ROW(tcx, EINVAL, "'site' does not take the program"),
	ROW(tcx, ESTALE, "are not of revision"),
	ROW(tcx, ENOENT, "the link 7 that 'order' names is not on",
	  .flags = ABI_F_ID | ABI_F_LINK, .relative = 7),
	ROW(tcx, ENODEV, "'there' has gone meanwhile",
	  .where_id = NO_INTERFACE),
	ROW(netkit, ENXIO, "is not the interface of a netkit pair"),
	ROW(netkit, EACCES, "'there' is the peer of a netkit pair"),
	ROW(netfilter, EBUSY, "each priority takes one"),
	ROW(netfilter, ERANGE, "the priority is above -2147483648"),
	ROW(netfilter, EAFNOSUPPORT, "has no hook 'site' of netfilter"),
	ROW(netfilter, EPROTO, "has no hook 'site' of netfilter"),
	ROW(netfilter, EOPNOTSUPP, "came with Linux 6.6"),
	ROW(netfilter, ENOENT, "lacks the module nf_defrag_ipv4"),
	ROW(netfilter, EINVAL, "for something else than netfilter"),
	ROW(sockmap, EBUSY, "a program is on the map 'there' as site"),
	ROW(sockmap, EOPNOTSUPP, "needs CONFIG_BPF_STREAM_PARSER"),
	ROW(sockmap, EINVAL, "msg_verdict takes type sk_msg"),
	ROW(sockmap, EPERM, "link on the map 'there'"),
};
/* clang-format on */

static void check_row(const struct row *row)
{
	struct err e = { .text = "" };
	struct target target;
	int expected = -(row->becomes ? row->becomes : row->code);

	target_init(&target);
	target.hook.where = strdup("there");
	target.hook.where_id = row->where_id;
	target.hook.create.attach_type = row->attach_type;
	target.hook.create.flags = row->flags;
	target.hook.create.order.relative = row->relative;
	target_add(&target, "site");
	check_number(row->part, expected,
		     row->kind->explain(&target, &target.sites[0], false,
					row->code, &e));
	check_text(row->part, "its part",
		   strstr(e.text, row->part) ? "its part" : e.text);
	target_clear(&target);
}

int main(void)
{
	size_t i;

	for (EACH(rows, i))
		check_row(&rows[i]);
	return check_end("explain");
}
