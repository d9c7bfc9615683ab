// SPDX-License-Identifier: BSD-2-Clause
/*
 * tcx.c - the kinds tcx and netkit: the traffic of an interface, in both
 * directions, seen by programs in an order.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/features.h"
#include "attach/kernel/in_netns.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kind/chain.h"
#include "attach/kind/net.h"
#include "attach/kind/order.h"
#include "attach/kind/words.h"
#include "scope.h"

struct tcx {
	char *interface;
	char *netns;
	uint32_t direction;
	struct order order;
	uint64_t revision;
};

static const struct word tcx_directions[] = {
	{ "ingress", BPF_TCX_INGRESS },
	{ "egress", BPF_TCX_EGRESS },
	{ 0 },
};

static const struct word netkit_directions[] = {
	{ "primary", BPF_NETKIT_PRIMARY },
	{ "peer", BPF_NETKIT_PEER },
	{ 0 },
};

WORD_TYPE(type_tcx, tcx_directions, "ingress or egress");
WORD_TYPE(type_netkit, netkit_directions, "primary or peer");

#define FIELDS(type, text)                                     \
	FIELD(struct tcx, interface, "name of the interface"), \
		FIELD(struct tcx, netns, NETNS_HELP),          \
		FIELD_OF(struct tcx, direction, type, text),   \
		ORDER_FIELDS(struct tcx), { 0 },

/* clang-format off */
static const struct field tcx_fields[] = {
	FIELDS(type_tcx, "ingress: what is received; egress: what is sent")
};

static const struct field netkit_fields[] = {
	FIELDS(type_netkit, "which of the two devices of the pair sends")
};
/* clang-format on */

static int parse(const char *name, const struct word *directions, void *spec,
		 struct err *e)
{
	struct tcx *tcx = spec;
	struct span span, interface, direction;
	int err = name_label(name, &span, e);
	size_t colon = strcspn(name, ":@");

	if (err)
		return err;
	if (name[colon] != ':')
		return fail_at(e, EINVAL, span.end,
			       "the name is IFNAME:%s or IFNAME:%s",
			       directions[0].text, directions[1].text);
	interface = (struct span){ 0, colon };
	direction = (struct span){ colon + 1, span.end };
	err = net_name(name, interface, &tcx->interface, e);
	return err ? err
		   : word_parse(directions, name, direction, &tcx->direction,
				e);
}

static int tcx_parse(const char *name, void *spec, struct err *e)
{
	return parse(name, tcx_directions, spec, e);
}

static int netkit_parse(const char *name, void *spec, struct err *e)
{
	return parse(name, netkit_directions, spec, e);
}

static int add_site(const struct tcx *tcx, const struct word *direction,
		    struct target *target, struct err *e)
{
	scoped_free char *symbol = NULL;

	if (asprintf(&symbol, "%s:%s", tcx->interface, direction->text) < 0 ||
	    !target_add(target, symbol))
		return fail(e, ENOMEM, "no memory for a site");
	return 0;
}

static int resolve(const struct tcx *tcx, const struct word *directions,
		   const struct opener *opener, struct target *target,
		   struct err *e)
{
	struct hook_target *hook = &target->hook;
	int err;

	if (!tcx->direction)
		return fail(e, EINVAL, "the field 'direction' is empty");
	err = net_enter(target, tcx->netns, opener, e);
	if (!err)
		err = net_find(target, tcx->interface, e);
	if (!err)
		err = order_fill(&tcx->order, tcx->revision, opener, hook, e);
	if (err)
		return err;
	hook->create.attach_type = directions[tcx->direction - 1].value;
	return add_site(tcx, &directions[tcx->direction - 1], target, e);
}

static int tcx_resolve(const void *spec, const struct opener *opener,
		       struct target *target, struct err *e)
{
	int err = feature_need(FEATURE_TCX, "this kernel has no tcx", e);

	target->hook.link_type = BPF_LINK_TYPE_TCX;
	return err ? err : resolve(spec, tcx_directions, opener, target, e);
}

static int netkit_resolve(const void *spec, const struct opener *opener,
			  struct target *target, struct err *e)
{
	int err = feature_need(FEATURE_NETKIT, "this kernel has no netkit", e);

	target->hook.link_type = BPF_LINK_TYPE_NETKIT;
	return err ? err : resolve(spec, netkit_directions, opener, target, e);
}

static int explain_order(const struct hook_target *hook, int code,
			 struct err *e)
{
	struct chain chain;
	int err = order_explain(hook, code, e);

	if (code == ESTALE &&
	    !chain_query(hook->netns, (uint32_t)hook->where_id,
			 hook->create.attach_type, &chain))
		fail_hint(e, "it is %" PRIu64 " now", chain.revision);
	return err;
}

/* kernel/bpf/mprog.c, drivers/net/netkit.c */
static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;
	int err = explain_order(&target->hook, code, e);

	if (err)
		return err;
	if (code == ENODEV && net_explain_gone(target, e))
		return -ENODEV;
	switch (code) {
	case ENXIO:
		return fail(e, code,
			    "'%s' is not the interface of a netkit pair",
			    target->hook.where);
	case EACCES:
		return fail(
			e, code,
			"'%s' is the peer of a netkit pair; attach to the other one of the pair, which takes programs for both",
			target->hook.where);
	case EEXIST:
		return fail(
			e, code,
			"the program is on '%s' already, and a hook takes each program once",
			site->symbol);
	case ERANGE:
		return fail(
			e, code,
			"63 programs are on '%s' already, and the kernel takes no more",
			site->symbol);
	case EINVAL:
		return fail(
			e, code,
			"'%s' does not take the program, or not in that order",
			site->symbol);
	}
	if (asprintf(&what, "program on '%s'", site->symbol) < 0)
		return fail(e, ENOMEM, "no memory for a sentence");
	return net_refuse(what, event, code, e);
}

/*
 * The link of a peer tells the number that the peer has, in its own namespace:
 * netkit_link_fill_info() of drivers/net/netkit.c.
 */
static bool is_of_peer(const struct target *target,
		       const struct link_info *info)
{
	return target->hook.create.attach_type == BPF_NETKIT_PEER &&
	       info->raw.netdev.attach_type == BPF_NETKIT_PEER &&
	       info->raw.netdev.ifindex;
}

/* Of the same number in another namespace there may be one, too. */
static bool matches(const struct target *target, const struct link_info *info)
{
	const struct hook_target *hook = &target->hook;
	struct chain chain;

	if (is_of_peer(target, info))
		return !chain_query(hook->netns, (uint32_t)hook->where_id,
				    BPF_NETKIT_PEER, &chain) &&
		       chain_has(&chain, info->id);
	if (!net_matches(target, info))
		return false;
	return chain_query(hook->netns, (uint32_t)hook->where_id,
			   hook->create.attach_type, &chain) ||
	       chain_has(&chain, info->id);
}

/* Its namespace is found anew each time, since to keep it would keep it alive. */
static int query(const struct target *target, struct chain *chain)
{
	const struct hook_target *hook = &target->hook;
	scoped_fd int netns = netns_find(hook->netns_ino);

	return netns < 0 ? netns
			 : chain_query(netns, (uint32_t)hook->where_id,
				       hook->create.attach_type, chain);
}

static void show(const struct target *target, FILE *out)
{
	struct chain chain;

	net_show(target, out);
	if (!query(target, &chain))
		fprintf(out,
			"hook_revision:\t%" PRIu64 "\nhook_programs:\t%" PRIu32
			"\n",
			chain.revision, chain.count);
}

/* Without the others, where the namespace is not found. */
static void show_sites(const struct target *target, FILE *out)
{
	struct chain chain;

	if (query(target, &chain))
		fprintf(out, "-\t%s\tlink %" PRIu32 "\tthis\n",
			target->sites[0].symbol, target->hook.link_id);
	else
		chain_show(&chain, target->hook.link_id, out);
}

static int tcx_available(const void *spec, const struct opener *opener,
			 FILE *out, struct err *e)
{
	static const char *const suffixes[] = { ":ingress", ":egress", NULL };

	(void)spec;
	return net_available(opener, suffixes, NULL, out, e);
}

static int netkit_available(const void *spec, const struct opener *opener,
			    FILE *out, struct err *e)
{
	static const char *const suffixes[] = { ":primary", ":peer", NULL };

	(void)spec;
	return net_available(opener, suffixes, "netkit", out, e);
}

static const struct accept tcx_accepts[] = {
	{
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.attach_type = BPF_TCX_INGRESS,
		.neutral = ABI_TCX_NEXT,
	},
	{
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.attach_type = BPF_TCX_EGRESS,
		.neutral = ABI_TCX_NEXT,
	},
	{ 0 },
};

static const struct accept netkit_accepts[] = {
	{
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.attach_type = BPF_NETKIT_PRIMARY,
		.neutral = ABI_TCX_NEXT,
	},
	{
		.prog_type = BPF_PROG_TYPE_SCHED_CLS,
		.attach_type = BPF_NETKIT_PEER,
		.neutral = ABI_TCX_NEXT,
	},
	{ 0 },
};

const struct kind kind_tcx = {
	.name = "tcx",
	.grammar =
		"IFNAME:ingress[@LABEL], IFNAME:egress[@LABEL]; in IFNAME write %40 for an '@' and %25 for a '%'",
	.help = "a program that sees the packets that an interface receives or sends, with others in an order",
	.example = "eth0:ingress",
	.fields = tcx_fields,
	.spec_size = sizeof(struct tcx),
	.accepts = tcx_accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_ALTERS,
	.capability = CAP_NET_ADMIN,
	.parse = tcx_parse,
	.resolve = tcx_resolve,
	.explain = explain,
	.matches = matches,
	.show = show,
	.show_sites = show_sites,
	.gone = net_gone,
	.available = tcx_available,
};

const struct kind kind_netkit = {
	.name = "netkit",
	.grammar =
		"IFNAME:primary[@LABEL], IFNAME:peer[@LABEL]; in IFNAME write %40 for an '@' and %25 for a '%'",
	.help = "a program that sees what a device of a netkit pair sends, with others in an order",
	.example = "nk0:primary",
	.fields = netkit_fields,
	.spec_size = sizeof(struct tcx),
	.accepts = netkit_accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_ALTERS,
	.capability = CAP_NET_ADMIN,
	.parse = netkit_parse,
	.resolve = netkit_resolve,
	.explain = explain,
	.matches = matches,
	.show = show,
	.show_sites = show_sites,
	.gone = net_gone,
	.available = netkit_available,
};
