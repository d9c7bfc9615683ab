// SPDX-License-Identifier: BSD-2-Clause
/*
 * struct_ops.c - the kind struct_ops: functions of the kernel's that a map has,
 * such as a congestion control of TCP.
 */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>

#include "attach/kernel/btf.h"
#include "attach/kernel/features.h"
#include "attach/kernel/link_names.h"
#include "attach/kind/kind.h"
#include "attach/kind/name.h"
#include "attach/kind/refusal.h"
#include "attach/kind/target.h"

/* There are no fields: what is attached says all. */
struct struct_ops {
	char none;
};

static const struct field fields[] = {
	{ 0 },
};

static int parse(const char *name, void *spec, struct err *e)
{
	(void)spec;
	return name_check(name, (struct span){ 0, strlen(name) }, "_.-",
			  "a label", e);
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	struct hook_target *hook = &target->hook;
	int err = feature_need(FEATURE_STRUCT_OPS_LINK,
			       "this kernel has no links of struct_ops", e);

	(void)spec;
	(void)opener;
	if (err)
		return err;
	hook->create.attach_type = BPF_STRUCT_OPS;
	hook->link_type = BPF_LINK_TYPE_STRUCT_OPS;
	return target_add(target, NULL)
		       ? 0
		       : fail(e, ENOMEM, "no memory for a site");
}

/* bpf_struct_ops_link_create() and what the structs' reg() say; 6.12, 7.2. */
static const struct refusal refusals[] = {
	{ EINVAL,
	  "the kernel refused the map: it has not been filled, or lacks functions that the struct must have" },
	{ EEXIST,
	  "the name in the map is taken: what has it is registered already, by this map or another" },
	{ EBUSY,
	  "the kernel takes one of this struct at a time, and another is registered" },
	{ EOPNOTSUPP,
	  "nothing of this struct can be registered: it is for tests of the kernel" },
	{ ENOENT, "what the map names, or is for, is not there" },
	{ 0 },
};

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	const char *text = refusal_text(refusals, code);

	(void)target;
	(void)site;
	if (text)
		return fail(e, errno_clamp(code), "%s", text);
	return refusal_explain("link of struct_ops", event, code, e);
}

static void show(const struct target *target, FILE *out)
{
	fprintf(out, "attach_type:\t%s\n",
		attach_type_name(target->hook.create.attach_type));
}

/* Structs */

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length > tail && !strcmp(text + length - tail, end);
}

/* A map's value is a struct of that prefix; so are some that end otherwise. */
static int list_entry(void *out, const struct btf_entry *entry)
{
	static const char prefix[] = "bpf_struct_ops_";
	size_t length = sizeof(prefix) - 1;

	if (entry->kind == BTF_KIND_STRUCT &&
	    !strncmp(entry->name, prefix, length) &&
	    ends_with(entry->name + length, "_ops"))
		fprintf(out, "%s\n", entry->name + length);
	return 0;
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	struct btf_types btf = { 0 };
	int err = btf_read(&btf, "vmlinux", NULL);

	(void)spec;
	(void)opener;
	if (err)
		return fail(e, err == -ENOENT ? EOPNOTSUPP : -err,
			    "the BTF of this kernel cannot be read: %s",
			    strerror(errno_clamp(-err)));
	btf_each(&btf, list_entry, out);
	btf_clear(&btf);
	return 0;
}

static const struct accept accepts[] = {
	{ 0 },
};

const struct kind kind_struct_ops = {
	.name = "struct_ops",
	.grammar = "LABEL",
	.help = "functions of the kernel's that programs stand in for, in a map; 'attach' takes that map, made with BPF_F_LINK",
	.example = "mine",
	.fields = fields,
	.spec_size = sizeof(struct struct_ops),
	.accepts = accepts,
	.attacher = ATTACHER_MAP,
	.traits = KIND_ALTERS | KIND_MAP,
	.capability = CAP_SYS_ADMIN,
	.parse = parse,
	.resolve = resolve,
	.explain = explain,
	.show = show,
	.gone = "another tool has detached the map",
	.available = available,
};
