// SPDX-License-Identifier: BSD-2-Clause
/* netns.c - the kind netns: hooks of a network namespace. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/features.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kind/net.h"
#include "attach/kind/words.h"
#include "scope.h"

struct netns {
	uint32_t hook;
	char *netns;
};

static const struct word hooks[] = {
	{ "sk_lookup", BPF_SK_LOOKUP },
	{ "flow_dissector", BPF_FLOW_DISSECTOR },
	{ 0 },
};

/* What a kernel has to have for each of them. */
static const struct {
	enum feature feature;
	const char *lack;
} needs[] = {
	{ FEATURE_SK_LOOKUP, "this kernel has no links on sk_lookup" },
	{ FEATURE_NETNS_LINK, "this kernel has no links on flow_dissector" },
};

WORD_TYPE(type_hook, hooks, "sk_lookup or flow_dissector");

static const struct field fields[] = {
	FIELD_OF(
		struct netns, hook, type_hook,
		"sk_lookup: which socket gets a packet; flow_dissector: what a packet is"),
	FIELD(struct netns, netns, NETNS_HELP),
	{ 0 },
};

static int parse(const char *name, void *spec, struct err *e)
{
	struct netns *n = spec;
	struct span span;
	int err = name_label(name, &span, e);

	return err ? err : word_parse(hooks, name, span, &n->hook, e);
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct netns *n = spec;
	struct hook_target *hook = &target->hook;
	int err;

	if (!n->hook)
		return fail(e, EINVAL, "the field 'hook' is empty");
	err = feature_need(needs[n->hook - 1].feature, needs[n->hook - 1].lack,
			   e);
	if (!err)
		err = net_open(target, n->netns, opener, &target->fd, e);
	if (err)
		return err;
	hook->create.target_fd = (uint32_t)target->fd;
	hook->create.attach_type = hooks[n->hook - 1].value;
	hook->link_type = BPF_LINK_TYPE_NETNS;
	return target_add(target, hooks[n->hook - 1].text)
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}

/* kernel/bpf/net_namespace.c, net/core/flow_dissector.c */
static int explain_dissector(int code, struct err *e)
{
	if (code == E2BIG)
		return fail(
			e, code,
			"another program is the flow dissector of the network namespace, and there is one at most; see 'link/*/info'");
	if (code == EEXIST)
		return fail(
			e, code,
			"another program is the flow dissector, of this network namespace without a link, or of the first one for all, or of another when this is the first");
	return 0;
}

static int explain_lookup(int code, struct err *e)
{
	/* netns_bpf_max_progs() of kernel/bpf/net_namespace.c */
	if (code == E2BIG)
		return fail(
			e, code,
			"64 programs are on sk_lookup of the network namespace already, and the kernel takes no more");
	return 0;
}

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;
	int err = target->hook.create.attach_type == BPF_SK_LOOKUP
			  ? explain_lookup(code, e)
			  : explain_dissector(code, e);

	if (err)
		return err;
	if (code == EINVAL)
		return fail(
			e, code,
			"the program was loaded for another hook than '%s' of a network namespace",
			site->symbol);
	if (asprintf(&what, "program on '%s' of the network namespace",
		     site->symbol) < 0)
		return fail(e, ENOMEM, "no memory for a sentence");
	return net_refuse(what, event, code, e);
}

static bool matches(const struct target *target, const struct link_info *info)
{
	return info->raw.netns.ino == target->hook.netns_ino &&
	       info->raw.netns.attach_type == target->hook.create.attach_type;
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	(void)spec;
	(void)opener;
	(void)e;
	word_list(hooks, out);
	return 0;
}

static const struct accept accepts[] = {
	{
		.prog_type = BPF_PROG_TYPE_SK_LOOKUP,
		.attach_type = BPF_SK_LOOKUP,
		.neutral = ABI_SK_PASS,
	},
	{
		.prog_type = BPF_PROG_TYPE_FLOW_DISSECTOR,
		.attach_type = BPF_FLOW_DISSECTOR,
		.neutral = ABI_FLOW_DISSECTOR_CONTINUE,
		.neutral_by = FEATURE_FLOW_CONTINUE,
	},
	{ 0 },
};

const struct kind kind_netns = {
	.name = "netns",
	.grammar = "HOOK[@LABEL]; HOOK is sk_lookup or flow_dissector",
	.help = "a program on a hook of a network namespace: that of the process that writes, or of the field netns",
	.example = "sk_lookup",
	.fields = fields,
	.spec_size = sizeof(struct netns),
	.accepts = accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_ALTERS,
	.capability = CAP_NET_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.explain = explain,
	.matches = matches,
	.show = net_show,
	.gone = "the network namespace has gone, or another tool has detached the program",
	.available = available,
};
