// SPDX-License-Identifier: BSD-2-Clause
/* order.c - the fields `order` and `revision`: their text, and the kernel's. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kind/order.h"
#include "scope.h"

/* What the text begins with. */
static const struct word {
	const char *text;
	uint32_t flags;
	bool anchored; /* an anchor follows */
} words[] = {
	{ "first", ABI_F_BEFORE, false },
	{ "last", ABI_F_AFTER, false },
	{ "before ", ABI_F_BEFORE, true },
	{ "after ", ABI_F_AFTER, true },
};

/* How an anchor is named by its number; the first is shown. */
static const struct prefix {
	const char *text;
	enum bpf_object object;
} prefixes[] = {
	{ "prog:", BPF_OBJECT_PROG },
	{ "link:", BPF_OBJECT_LINK },
	{ "", BPF_OBJECT_PROG },
};

static const struct prefix *prefix_of(const char *text)
{
	const struct prefix *prefix = prefixes;

	while (strncmp(text, prefix->text, strlen(prefix->text)) != 0)
		prefix++;
	return prefix;
}

static int parse_path(struct order *order, const char *text, struct err *e)
{
	order->path = strdup(text);
	return order->path ? 0 : fail(e, ENOMEM, "no memory");
}

/* start: where the anchor begins in the text. */
static int parse_anchor(struct order *order, const char *text, size_t start,
			struct err *e)
{
	const struct prefix *prefix = prefix_of(text + start);
	int err;

	if (text[start] == '/')
		return parse_path(order, text + start, e);
	order->anchor = prefix->object;
	start += strlen(prefix->text);
	err = type_u32.parse(&order->id, text + start, e);
	if (!err && !order->id)
		err = fail_at(e, EINVAL, start, "no object has the id 0");
	else if (err && e && e->pos != ERR_NO_POS)
		e->pos += (int)start;
	if (err)
		fail_hint(
			e,
			"an anchor is prog:ID, link:ID, ID of a program, or the path of a pin");
	return err;
}

static void order_clear(void *value)
{
	struct order *order = value;

	free(order->path);
	*order = (struct order){ 0 };
}

static int order_parse(void *value, const char *text, struct err *e)
{
	struct order parsed = { 0 };
	const struct word *word;
	size_t i, length;
	int err = 0;

	for (i = 0; i < COUNT(words); i++) {
		word = &words[i];
		length = strlen(word->text);
		if (strncmp(text, word->text, length) != 0 ||
		    (!word->anchored && text[length]))
			continue;
		parsed.flags = word->flags;
		if (word->anchored)
			err = parse_anchor(&parsed, text, length, e);
		if (err)
			return err;
		order_clear(value);
		*(struct order *)value = parsed;
		return 0;
	}
	return fail_at(
		e, EINVAL, 0,
		"no order: '%s'; write first, last, before ID or after ID",
		text);
}

static bool is_anchored(const struct order *order)
{
	return order->id || order->path;
}

static void order_show(const void *value, FILE *out)
{
	const struct order *order = value;
	size_t i;

	for (i = 0; order->flags && i < COUNT(words); i++)
		if (words[i].flags == order->flags &&
		    words[i].anchored == is_anchored(order))
			fputs(words[i].text, out);
	if (order->path)
		fputs(order->path, out);
	else if (order->id)
		fprintf(out, "%s:%" PRIu32,
			order->anchor == BPF_OBJECT_LINK ? "link" : "prog",
			order->id);
}

const struct type type_order = {
	.parse = order_parse,
	.show = order_show,
	.clear = order_clear,
	.form = "first, last, before ANCHOR or after ANCHOR; an ANCHOR is prog:ID, link:ID, ID of a program, or the path of a pin",
};

/* A pin is of a link or of a program; either is opened as the user. */
static int open_anchor(const struct order *order, const struct opener *opener,
		       struct hook_target *hook, struct err *e)
{
	struct err why = { 0 };
	int fd =
		opener->object(opener->ctx, order->path, BPF_OBJECT_LINK, &why);

	if (fd >= 0)
		hook->create.flags |= ABI_F_LINK;
	else if (fd == -EINVAL)
		fd = opener->object(opener->ctx, order->path, BPF_OBJECT_PROG,
				    e);
	else
		fail(e, why.code, "%s", why.text);
	if (fd < 0)
		return fd;
	hook->anchor = fd;
	hook->create.order.relative = (uint32_t)fd;
	return 0;
}

int order_fill(const struct order *order, uint64_t revision,
	       const struct opener *opener, struct hook_target *hook,
	       struct err *e)
{
	hook->create.flags |= order->flags;
	hook->create.order.expected_revision = opener->again ? 0 : revision;
	if (order->path)
		return open_anchor(order, opener, hook, e);
	if (!order->id)
		return 0;
	hook->create.flags |= ABI_F_ID;
	if (order->anchor == BPF_OBJECT_LINK)
		hook->create.flags |= ABI_F_LINK;
	hook->create.order.relative = order->id;
	return 0;
}

static int explain_anchor(const struct abi_link_create *create, int code,
			  struct err *e)
{
	const char *what = create->flags & ABI_F_LINK ? "link" : "program";

	if (create->flags & ABI_F_ID)
		return fail(
			e, code,
			"the %s %" PRIu32
			" that 'order' names is not on this hook; 'sites' of a probe there lists what is",
			what, create->order.relative);
	return fail(e, code, "the %s that 'order' names is not on this hook",
		    what);
}

int order_explain(const struct hook_target *hook, int code, struct err *e)
{
	const struct abi_link_create *create = &hook->create;

	if (code == ESTALE)
		return fail(
			e, code,
			"the programs on the hook are not of revision %" PRIu64
			" any more; look at 'sites', and write the revision that it tells to 'revision', or 0 for any",
			(uint64_t)create->order.expected_revision);
	if (code == ENOENT && create->order.relative)
		return explain_anchor(create, code, e);
	return 0;
}
