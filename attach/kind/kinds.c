// SPDX-License-Identifier: BSD-2-Clause
/* kinds.c - the table of kinds, and what holds for every kind. */
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/kind.h"

extern const struct kind kind_kprobe, kind_kretprobe, kind_uprobe,
	kind_uretprobe, kind_tracepoint, kind_usdt, kind_netns, kind_xdp,
	kind_tcx, kind_netkit, kind_netfilter, kind_iter, kind_cgroup,
	kind_raw_tracepoint, kind_fentry, kind_fexit, kind_fmod_ret,
	kind_fsession, kind_lsm, kind_freplace, kind_sockmap, kind_perf_event,
	kind_struct_ops, kind_lsm_cgroup;

/* Only ever appended to: the place in the list is part of a node's number. */
/* clang-format off */
const struct kind *const kinds[] = {
	&kind_kprobe,
	&kind_kretprobe,
	&kind_uprobe,
	&kind_uretprobe,
	&kind_tracepoint,
	&kind_usdt,
	&kind_netns,
	&kind_xdp,
	&kind_tcx,
	&kind_netkit,
	&kind_netfilter,
	&kind_iter,
	&kind_cgroup,
	&kind_raw_tracepoint,
	&kind_fentry,
	&kind_fexit,
	&kind_fmod_ret,
	&kind_fsession,
	&kind_lsm,
	&kind_freplace,
	&kind_sockmap,
	&kind_perf_event,
	&kind_struct_ops,
	&kind_lsm_cgroup,
	NULL,
};
/* clang-format on */

const struct kind *kind_at(size_t place)
{
	size_t i = 0;

	while (kinds[i] && i < place)
		i++;
	return kinds[i];
}

const struct kind *kind_find(const char *name)
{
	const struct kind *const *kind;

	for (kind = kinds; *kind; kind++)
		if (!strcmp((*kind)->name, name))
			return *kind;
	return NULL;
}

const char *kind_capability(const struct kind *kind)
{
	static const struct {
		int number;
		const char *name;
	} names[] = {
		{ CAP_NET_ADMIN, "CAP_NET_ADMIN" },
		{ CAP_PERFMON, "CAP_PERFMON" },
		{ CAP_SYS_ADMIN, "CAP_SYS_ADMIN" },
	};
	size_t i = 0;

	while (names[i].number != kind->capability)
		i++;
	return names[i].name;
}

uint64_t kinds_of_users(void)
{
	uint64_t bits = 0;
	size_t i;

	for (i = 0; kinds[i]; i++)
		if (!(kinds[i]->traits & KIND_ALTERS))
			bits |= UINT64_C(1) << i;
	return bits;
}

const struct accept *kind_accepts(const struct kind *kind,
				  enum bpf_prog_type type)
{
	const struct accept *accept;

	for (accept = kind->accepts; accept->prog_type; accept++)
		if (accept->prog_type == type)
			return accept;
	return NULL;
}

const struct field *field_find(const struct kind *kind, const char *name)
{
	const struct field *field;

	for (field = kind->fields; field->name; field++)
		if (!strcmp(field->name, name))
			return field;
	return NULL;
}

size_t kind_field_count(const struct kind *kind)
{
	size_t count = 0;

	while (kind->fields[count].name)
		count++;
	return count;
}

static void *member(const struct field *field, void *spec)
{
	return (char *)spec + field->offset;
}

void *spec_make(const struct kind *kind)
{
	return calloc(1, kind->spec_size);
}

void spec_clear(const struct kind *kind, void *spec)
{
	const struct field *field;

	for (field = kind->fields; field->name; field++)
		field->type->clear(member(field, spec));
}

void spec_free(const struct kind *kind, void *spec)
{
	if (!spec)
		return;
	spec_clear(kind, spec);
	free(spec);
}

int field_parse(const struct field *field, void *spec, const char *text,
		struct err *e)
{
	if (text[0])
		return field->type->parse(member(field, spec), text, e);
	field->type->clear(member(field, spec));
	return 0;
}

void field_show(const struct field *field, const void *spec, FILE *out)
{
	field->type->show((const char *)spec + field->offset, out);
}
