// SPDX-License-Identifier: BSD-2-Clause
/* netfilter.c - the kind netfilter: programs beside the rules of nft(8). */
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/netfilter.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/features.h"
#include "attach/kernel/link/link_ended.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kind/net.h"
#include "attach/kind/words.h"
#include "scope.h"

struct netfilter {
	uint32_t family;
	uint32_t hook;
	int32_t priority;
	bool defrag;
	char *netns;
};

static const struct word families[] = {
	{ "ipv4", NFPROTO_IPV4 },
	{ "ipv6", NFPROTO_IPV6 },
	{ 0 },
};

static const struct word hooks[] = {
	{ "prerouting", NF_INET_PRE_ROUTING },
	{ "input", NF_INET_LOCAL_IN },
	{ "forward", NF_INET_FORWARD },
	{ "output", NF_INET_LOCAL_OUT },
	{ "postrouting", NF_INET_POST_ROUTING },
	{ 0 },
};

WORD_TYPE(type_family, families, "ipv4 or ipv6");
WORD_TYPE(type_hook, hooks,
	  "prerouting, input, forward, output or postrouting");

static const struct field fields[] = {
	FIELD_OF(struct netfilter, family, type_family, "ipv4 or ipv6"),
	FIELD_OF(struct netfilter, hook, type_hook,
		 "where on the way of a packet"),
	FIELD_OF(struct netfilter, priority, type_s32,
		 "programs and rules of lower priority see a packet earlier"),
	FIELD(struct netfilter, defrag,
	      "1 puts packets together before; the priority is above -400 then"),
	FIELD(struct netfilter, netns, NETNS_HELP),
	{ 0 },
};

static int parse_priority(struct netfilter *nf, const char *name,
			  struct span span, struct err *e)
{
	scoped_free char *text = NULL;
	int err = name_copy(name, span, &text, e);

	if (err)
		return err;
	err = type_s32.parse(&nf->priority, text, e);
	if (err && e && e->pos != ERR_NO_POS)
		e->pos += (int)span.start;
	return err;
}

static int parse(const char *name, void *spec, struct err *e)
{
	struct netfilter *nf = spec;
	struct span span;
	size_t first, second;
	int err = name_label(name, &span, e);

	if (err)
		return err;
	first = strcspn(name, ":@");
	second = name[first] == ':'
			 ? first + 1 + strcspn(name + first + 1, ":@")
			 : first;
	if (name[second] != ':')
		return fail_at(e, EINVAL, span.end,
			       "the name is FAMILY:HOOK:PRIORITY");
	err = word_parse(families, name, (struct span){ 0, first }, &nf->family,
			 e);
	if (!err)
		err = word_parse(hooks, name,
				 (struct span){ first + 1, second }, &nf->hook,
				 e);
	return err ? err
		   : parse_priority(nf, name,
				    (struct span){ second + 1, span.end }, e);
}

static int add_site(const struct netfilter *nf, struct target *target,
		    struct err *e)
{
	scoped_free char *symbol = NULL;

	if (asprintf(&symbol, "%s:%s:%" PRId32, families[nf->family - 1].text,
		     hooks[nf->hook - 1].text, nf->priority) < 0 ||
	    !target_add(target, symbol))
		return fail(e, ENOMEM, "no memory for a site");
	return 0;
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct netfilter *nf = spec;
	struct hook_target *hook = &target->hook;
	int err = feature_need(FEATURE_NETFILTER_LINK,
			       "this kernel has no links on netfilter", e);

	if (err)
		return err;
	if (!nf->family || !nf->hook)
		return fail(e, EINVAL, "the field '%s' is empty",
			    nf->family ? "hook" : "family");
	hook->create.attach_type = BPF_NETFILTER;
	hook->create.netfilter.pf = families[nf->family - 1].value;
	hook->create.netfilter.hooknum = hooks[nf->hook - 1].value;
	hook->create.netfilter.priority = nf->priority;
	hook->create.netfilter.flags =
		nf->defrag ? ABI_F_NETFILTER_IP_DEFRAG : 0;
	hook->link_type = BPF_LINK_TYPE_NETFILTER;
	err = net_enter(target, nf->netns, opener, e);
	return err ? err : add_site(nf, target, e);
}

/* bpf_nf_link_attach() of net/netfilter/nf_bpf_link.c. */
static int explain_range(const struct target *target, int code, struct err *e)
{
	if (target->hook.create.netfilter.flags)
		return fail(
			e, code,
			"with 'defrag' the priority is above -400, which is that of putting packets together, and below 2147483647");
	return fail(
		e, code,
		"the priority is above -2147483648 and below 2147483647, which the kernel uses itself");
}

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;

	switch (code) {
	case ERANGE:
		return explain_range(target, code, e);
	case EBUSY:
		return fail(
			e, code,
			"another program is on '%s', and each priority takes one; write another number to 'priority'",
			site->symbol);
	case EAFNOSUPPORT:
	case EPROTO:
		return fail(e, code,
			    "this kernel has no hook '%s' of netfilter",
			    site->symbol);
	case EOPNOTSUPP:
		return fail(
			e, code,
			"this kernel cannot put packets together for a program: that came with Linux 6.6; write 0 to 'defrag'");
	case ENOENT:
		return fail(
			e, code,
			"this kernel cannot put packets together for a program: it lacks the module nf_defrag_ipv4 or nf_defrag_ipv6; write 0 to 'defrag'");
	case EINVAL:
		return fail(
			e, code,
			"the program was loaded for something else than netfilter");
	}
	if (asprintf(&what, "program on '%s'", site->symbol) < 0)
		return fail(e, ENOMEM, "no memory for a sentence");
	return net_refuse(what, event, code, e);
}

static bool matches(const struct target *target, const struct link_info *info)
{
	const struct abi_link_create *create = &target->hook.create;

	return !link_ended_has(info->id) &&
	       info->raw.netfilter.pf == create->netfilter.pf &&
	       info->raw.netfilter.hooknum == create->netfilter.hooknum &&
	       info->raw.netfilter.priority == create->netfilter.priority &&
	       info->raw.netfilter.flags == create->netfilter.flags;
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	const struct word *family, *hook;

	(void)spec;
	(void)opener;
	(void)e;
	for (family = families; family->text; family++)
		for (hook = hooks; hook->text; hook++)
			fprintf(out, "%s:%s:0\n", family->text, hook->text);
	return 0;
}

static const struct accept accepts[] = {
	{
		.prog_type = BPF_PROG_TYPE_NETFILTER,
		.attach_type = BPF_NETFILTER,
		.neutral = NF_ACCEPT,
	},
	{ 0 },
};

const struct kind kind_netfilter = {
	.name = "netfilter",
	.grammar =
		"FAMILY:HOOK:PRIORITY[@LABEL]; FAMILY is ipv4 or ipv6, HOOK is prerouting, input, forward, output or postrouting",
	.help = "a program that sees packets where the rules of nft(8) do, at a priority among them",
	.example = "ipv4:input:0",
	.fields = fields,
	.spec_size = sizeof(struct netfilter),
	.accepts = accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_ALTERS,
	.capability = CAP_NET_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.explain = explain,
	.matches = matches,
	.show = net_show,
	.gone = "the program was detached by link/ID/detach",
	.available = available,
};
