// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* net.c - names of probes of the network, and the words of their fields. */
#include <errno.h>

#include "attach/kind/kind.h"
#include "tests/unit/names.h"

extern const struct kind kind_netns, kind_xdp, kind_tcx, kind_netkit,
	kind_netfilter;

/* clang-format off */
static const struct name netns_names[] = {
	{ "sk_lookup", "sk_lookup" },
	{ "flow_dissector", "flow_dissector" },
	{ "flow_dissector@mine", "flow_dissector" },
	{ "^", NULL },
	{ "^@mine", NULL },
	{ "^sk", NULL },
	{ "^sk_lookup2", NULL },
	{ "sk_lookup@^", NULL },
	{ "sk_lookup@a^/", NULL },
};

static const struct name xdp_names[] = {
	{ "eth0", "eth0||" },
	{ "eth0.100@two", "eth0.100||" },
	{ "a|b", "a|b||" },
	{ "eth0%40if2@x", "eth0@if2||" },
	{ "fifteen-bytes-x", "fifteen-bytes-x||" },
	{ "^sixteen-bytes-xx", NULL },
	{ "^..", NULL },
	{ "^a%2Fb", NULL },
	{ "^a:b", NULL },
	{ "^a b", NULL },
	{ "a^%0Ab", NULL },
	{ "a^%4", NULL },
	{ "^@x", NULL },
};

static const struct name tcx_names[] = {
	{ "eth0:ingress", "eth0||ingress||0" },
	{ "eth0:egress@x", "eth0||egress||0" },
	{ "e%40:egress@x", "e@||egress||0" },
	{ "eth0^", NULL },
	{ "eth0^@x", NULL },
	{ "eth0@x^:egress", NULL },
	{ "^:ingress", NULL },
	{ "eth0:^", NULL },
	{ "eth0:^ingres", NULL },
	{ "eth0:^primary", NULL },
	{ "eth0:^ingress:", NULL },
	{ "^sixteen-bytes-xx:egress", NULL },
};

static const struct name netkit_names[] = {
	{ "nk0:primary", "nk0||primary||0" },
	{ "nk0:peer@x", "nk0||peer||0" },
	{ "nk0:^ingress", NULL },
};

static const struct name netfilter_names[] = {
	{ "ipv4:input:0", "ipv4|input|0|0|" },
	{ "ipv6:prerouting:-300@x", "ipv6|prerouting|-300|0|" },
	{ "ipv4:postrouting:+0x10", "ipv4|postrouting|16|0|" },
	{ "ipv4:output:-2147483648", "ipv4|output|-2147483648|0|" },
	{ "ipv4:forward:^", NULL },
	{ "ipv4:forward:5^x", NULL },
	{ "ipv4:forward:-5^x", NULL },
	{ "ipv4:forward:-^", NULL },
	{ "ipv4:forward^", NULL },
	{ "ipv4^", NULL },
	{ "ipv4@a^:forward:5", NULL },
	{ "^inet:input:0", NULL },
	{ "^:input:0", NULL },
	{ "ipv4:^ingress:0", NULL },
	{ "ipv4:^:0", NULL },
};

static const struct {
	const struct kind *kind;
	const char *field, *text; /* text is refused */
} words[] = {
	{ &kind_netns, "hook", "lookup" },
	{ &kind_xdp, "mode", "native" },
	{ &kind_tcx, "direction", "peer" },
	{ &kind_tcx, "order", "middle" },
	{ &kind_netkit, "direction", "egress" },
	{ &kind_netfilter, "family", "arp" },
	{ &kind_netfilter, "hook", "ingress" },
	{ &kind_netfilter, "priority", "1.5" },
	{ &kind_netfilter, "defrag", "yes" },
};
/* clang-format on */

/* A refused word leaves what was there. */
static void check_word(const struct kind *kind, const char *name,
		       const char *text)
{
	const struct field *field = field_find(kind, name);
	void *spec = spec_make(kind);
	struct err e = { 0 };

	check_number(text, -EINVAL, field_parse(field, spec, text, &e));
	spec_free(kind, spec);
}

#define CHECK_NAMES(kind, nfields, names)                        \
	do {                                                     \
		size_t n;                                        \
                                                                 \
		for (EACH(names, n))                             \
			check_name(&(kind), nfields, &names[n]); \
	} while (0)

int main(void)
{
	size_t i;

	CHECK_NAMES(kind_netns, 1, netns_names);
	CHECK_NAMES(kind_xdp, 3, xdp_names);
	CHECK_NAMES(kind_tcx, 5, tcx_names);
	CHECK_NAMES(kind_netkit, 5, netkit_names);
	CHECK_NAMES(kind_netfilter, 5, netfilter_names);
	for (EACH(words, i))
		check_word(words[i].kind, words[i].field, words[i].text);
	return check_end("net");
}
