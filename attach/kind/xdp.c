// SPDX-License-Identifier: BSD-2-Clause
/* xdp.c - the kind xdp: packets as the driver of an interface receives them. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/if_link.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/features.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/netdev.h"
#include "attach/kind/net.h"
#include "attach/kind/words.h"
#include "scope.h"

struct xdp {
	char *interface;
	char *netns;
	uint32_t mode;
};

static const struct word modes[] = {
	{ "auto", 0 },
	{ "skb", XDP_FLAGS_SKB_MODE },
	{ "drv", XDP_FLAGS_DRV_MODE },
	{ "hw", XDP_FLAGS_HW_MODE },
	{ 0 },
};

WORD_TYPE(type_mode, modes, "auto, skb, drv or hw");

static const struct field fields[] = {
	FIELD(struct xdp, interface, "name of the interface"),
	FIELD(struct xdp, netns, NETNS_HELP),
	FIELD_OF(
		struct xdp, mode, type_mode,
		"skb: after the driver; drv: in it; hw: in the device; auto or empty: drv where the driver can"),
	{ 0 },
};

static int parse(const char *name, void *spec, struct err *e)
{
	struct xdp *xdp = spec;
	struct span span;
	int err = name_label(name, &span, e);

	return err ? err : net_name(name, span, &xdp->interface, e);
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct xdp *xdp = spec;
	int err = feature_need(FEATURE_XDP_LINK,
			       "this kernel has no links on XDP", e);

	if (!err)
		err = net_enter(target, xdp->netns, opener, e);
	if (!err)
		err = net_find(target, xdp->interface, e);
	if (err)
		return err;
	target->hook.create.attach_type = BPF_XDP;
	target->hook.create.flags = xdp->mode ? modes[xdp->mode - 1].value : 0;
	target->hook.link_type = BPF_LINK_TYPE_XDP;
	return target_add(target, target->hook.where)
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}

static const char *mode_of(const struct target *target)
{
	const struct word *word = modes;

	while (word->value != target->hook.create.flags)
		word++;
	return word->text;
}

/* dev_xdp_attach() of net/core/dev.c. */
static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;

	if (code == EINVAL && net_explain_gone(target, e))
		return -ENODEV;
	switch (code) {
	case EBUSY:
		return fail(
			e, code,
			"another program is on '%s', and an interface takes one; see 'link/*/info', and 'ip link show' for one without a link",
			site->symbol);
	case EEXIST:
		return fail(
			e, code,
			"another program is on '%s' in another mode, and skb and drv exclude each other",
			site->symbol);
	case EOPNOTSUPP:
		return fail(
			e, code,
			"the driver of '%s' has no XDP of the mode %s; write skb to 'mode'",
			site->symbol, mode_of(target));
	case EINVAL:
		return fail(
			e, code,
			"'%s' or its driver does not take the program in the mode %s: one for the device itself, for a devmap or a cpumap is none for an interface, and packets may be too large (MTU)",
			site->symbol, mode_of(target));
	}
	if (asprintf(&what, "program on '%s'", site->symbol) < 0)
		return fail(e, ENOMEM, "no memory for a sentence");
	return net_refuse(what, event, code, e);
}

/*
 * The kernel tells no attach type of these, and no namespace: of the interface
 * with the same number in another one the program is not on this one, too.
 * Where rtnetlink(7) cannot be asked, the number decides.
 */
static bool matches(const struct target *target, const struct link_info *info)
{
	const struct hook_target *hook = &target->hook;

	return info->raw.netdev.ifindex == hook->where_id &&
	       netdev_runs_xdp(hook->netns, (uint32_t)hook->where_id,
			       info->prog_id);
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	static const char *const suffixes[] = { "", NULL };

	(void)spec;
	return net_available(opener, suffixes, NULL, out, e);
}

static const struct accept accepts[] = {
	{
		.prog_type = BPF_PROG_TYPE_XDP,
		.attach_type = BPF_XDP,
		.neutral = ABI_XDP_PASS,
	},
	{ 0 },
};

const struct kind kind_xdp = {
	.name = "xdp",
	.grammar =
		"IFNAME[@LABEL]; in IFNAME write %40 for an '@' and %25 for a '%'",
	.help = "a program that sees each packet that an interface receives, first of all",
	.example = "eth0",
	.fields = fields,
	.spec_size = sizeof(struct xdp),
	.accepts = accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_ALTERS,
	.capability = CAP_NET_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.explain = explain,
	.matches = matches,
	.show = net_show,
	.gone = net_gone,
	.available = available,
};
