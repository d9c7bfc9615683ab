// SPDX-License-Identifier: BSD-2-Clause
/* sockmap.c - the kind sockmap: what passes through the sockets of a map. */
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/link_names.h"
#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "attach/kind/refusal.h"
#include "attach/kind/target.h"
#include "attach/kind/words.h"
#include "scope.h"

struct sockmap {
	char *map;
	uint32_t hook;
};

static const struct word hooks[] = {
	{ "parser", BPF_SK_SKB_STREAM_PARSER },
	{ "verdict", BPF_SK_SKB_VERDICT },
	{ "stream_verdict", BPF_SK_SKB_STREAM_VERDICT },
	{ "msg_verdict", BPF_SK_MSG_VERDICT },
	{ 0 },
};

WORD_TYPE(type_hook, hooks, "parser, verdict, stream_verdict or msg_verdict");

static const struct field fields[] = {
	FIELD(struct sockmap, map,
	      "the map of sockets: its pin, id:N or name:NAME, /proc/PID/fd/N"),
	FIELD_OF(
		struct sockmap, hook, type_hook,
		"parser: how long a message is; verdict, stream_verdict: what becomes of what a socket receives; msg_verdict: of what it sends"),
	{ 0 },
};

static int parse(const char *name, void *spec, struct err *e)
{
	(void)spec;
	return name_check(name, (struct span){ 0, strlen(name) }, "_.-",
			  "a label", e);
}

static int check_map(int fd, const char *text, uint32_t *id, struct err *e)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	int err = bpf_info(fd, &info, &size);

	if (err)
		return fail(e, -err, "the kernel does not describe the map");
	*id = info.id;
	if (info.type == BPF_MAP_TYPE_SOCKMAP ||
	    info.type == BPF_MAP_TYPE_SOCKHASH)
		return 0;
	return fail(
		e, EINVAL,
		"'%s' is no map of sockets: its type is neither sockmap nor sockhash",
		text);
}

static int open_map(const struct sockmap *sockmap, const struct opener *opener,
		    struct target *target, struct err *e)
{
	struct hook_target *hook = &target->hook;
	uint32_t id = 0;
	int err;

	target->fd =
		opener->object(opener->ctx, sockmap->map, BPF_OBJECT_MAP, e);
	if (target->fd < 0)
		return target->fd;
	err = check_map(target->fd, sockmap->map, &id, e);
	if (err)
		return err;
	hook->where_id = id;
	hook->where = strdup(sockmap->map);
	return hook->where ? 0 : fail(e, ENOMEM, "no memory for a name");
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct sockmap *sockmap = spec;
	struct hook_target *hook = &target->hook;
	int err;

	if (!sockmap->map || !sockmap->hook)
		return fail(e, EINVAL, "the field '%s' is empty",
			    sockmap->map ? "hook" : "map");
	err = feature_need(FEATURE_SOCKMAP_LINK,
			   "this kernel has no links on maps of sockets", e);
	if (!err)
		err = open_map(sockmap, opener, target, e);
	if (err)
		return err;
	hook->create.target_fd = (uint32_t)target->fd;
	hook->create.attach_type = hooks[sockmap->hook - 1].value;
	hook->link_type = BPF_LINK_TYPE_SOCKMAP;
	return target_add(target, hooks[sockmap->hook - 1].text)
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	scoped_free char *what = NULL;

	(void)event;
	/* sock_map_prog_link_lookup() */
	if (code == EBUSY)
		return fail(
			e, code,
			"a program is on the map '%s' as %s already; there is one parser, one of verdict and stream_verdict, and one msg_verdict",
			target->hook.where, site->symbol);
	if (code == EOPNOTSUPP)
		return fail(
			e, code,
			"the kernel takes no %s on the map '%s': it needs CONFIG_BPF_STREAM_PARSER",
			site->symbol, target->hook.where);
	if (code == EINVAL)
		return fail(
			e, code,
			"the program is not for the hook '%s': parser, verdict and stream_verdict take type sk_skb, msg_verdict takes type sk_msg",
			site->symbol);
	if (asprintf(&what, "link on the map '%s'", target->hook.where) < 0) {
		what = NULL;
		return fail(e, ENOMEM, "no memory for a sentence");
	}
	return refusal_explain(what, false, code, e);
}

static bool matches(const struct target *target, const struct link_info *info)
{
	return info->raw.map.map_id == target->hook.where_id &&
	       info->raw.map.attach_type == target->hook.create.attach_type;
}

static void show(const struct target *target, FILE *out)
{
	fprintf(out, "attach_type:\t%s\nmap_id:\t%" PRIu64 "\n",
		attach_type_name(target->hook.create.attach_type),
		target->hook.where_id);
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

/* A parser answers how long a message is, which no constant is. */
static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_SK_SKB,
	  .attach_type = BPF_SK_SKB_VERDICT,
	  .neutral = ABI_SK_PASS },
	{ .prog_type = BPF_PROG_TYPE_SK_SKB,
	  .attach_type = BPF_SK_SKB_STREAM_VERDICT,
	  .neutral = ABI_SK_PASS },
	{ .prog_type = BPF_PROG_TYPE_SK_SKB,
	  .attach_type = BPF_SK_SKB_STREAM_PARSER,
	  .no_neutral =
		  "a parser has to say how long each message is, and a program that comes with probefs says the same of all" },
	{ .prog_type = BPF_PROG_TYPE_SK_MSG,
	  .attach_type = BPF_SK_MSG_VERDICT,
	  .neutral = ABI_SK_PASS },
	{ 0 },
};

const struct kind kind_sockmap = {
	.name = "sockmap",
	.grammar = "LABEL",
	.help = "a program that sees what passes through the sockets of a map, and decides where it goes",
	.example = "mine",
	.fields = fields,
	.spec_size = sizeof(struct sockmap),
	.accepts = accepts,
	.attacher = ATTACHER_HOOK,
	.traits = KIND_ALTERS,
	.capability = CAP_NET_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.explain = explain,
	.matches = matches,
	.show = show,
	.gone = "another tool has detached the program",
	.available = available,
};
