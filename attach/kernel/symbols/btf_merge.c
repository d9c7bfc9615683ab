// SPDX-License-Identifier: BSD-2-Clause
/* btf_merge.c - one BTF of vmlinux and its modules. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/symbols/btf_merge.h"
#include "scope.h"

#define NONE UINT8_MAX

/* Where a kind has ids and names besides the name of the type itself. */
static const struct layout {
	bool refers; /* its struct btf_type has an id, and not a size */
	uint8_t fixed; /* bytes between that and its members */
	uint8_t each; /* bytes of a member */
	uint8_t name, type; /* offsets in a member; NONE: it has none */
} layouts[] = {
	[BTF_KIND_INT] = { false, 4, 0, NONE, NONE },
	[BTF_KIND_PTR] = { true, 0, 0, NONE, NONE },
	[BTF_KIND_STRUCT] = { false, 0, sizeof(struct btf_member),
			      offsetof(struct btf_member, name_off),
			      offsetof(struct btf_member, type) },
	[BTF_KIND_UNION] = { false, 0, sizeof(struct btf_member),
			     offsetof(struct btf_member, name_off),
			     offsetof(struct btf_member, type) },
	[BTF_KIND_ENUM] = { false, 0, sizeof(struct btf_enum),
			    offsetof(struct btf_enum, name_off), NONE },
	[BTF_KIND_TYPEDEF] = { true, 0, 0, NONE, NONE },
	[BTF_KIND_VOLATILE] = { true, 0, 0, NONE, NONE },
	[BTF_KIND_CONST] = { true, 0, 0, NONE, NONE },
	[BTF_KIND_RESTRICT] = { true, 0, 0, NONE, NONE },
	[BTF_KIND_FUNC] = { true, 0, 0, NONE, NONE },
	[BTF_KIND_FUNC_PROTO] = { true, 0, sizeof(struct btf_param),
				  offsetof(struct btf_param, name_off),
				  offsetof(struct btf_param, type) },
	[BTF_KIND_VAR] = { true, 4, 0, NONE, NONE },
	[BTF_KIND_DATASEC] = { false, 0, sizeof(struct btf_var_secinfo), NONE,
			       offsetof(struct btf_var_secinfo, type) },
	[BTF_KIND_DECL_TAG] = { true, 4, 0, NONE, NONE },
	[BTF_KIND_TYPE_TAG] = { true, 0, 0, NONE, NONE },
	[BTF_KIND_ENUM64] = { false, 0, sizeof(struct btf_enum64),
			      offsetof(struct btf_enum64, name_off), NONE },
};

/* A module whose ids and strings go to another place. */
struct moving {
	const struct btf_types *base;
	char *types; /* in the new buffer */
	uint32_t ids, strings; /* by how much they move */
};

static void move(char *at, uint32_t end, uint32_t by)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	if (value < end)
		return;
	value += by;
	memcpy(at, &value, sizeof(value));
}

static void move_id(const struct moving *m, char *at)
{
	move(at, m->base->id_end, m->ids);
}

static void move_string(const struct moving *m, char *at)
{
	move(at, m->base->strings_end, m->strings);
}

static void move_array(const struct moving *m, char *at)
{
	move_id(m, at + offsetof(struct btf_array, type));
	move_id(m, at + offsetof(struct btf_array, index_type));
}

static void move_members(const struct moving *m, char *at, uint32_t count,
			 const struct layout *layout)
{
	uint32_t i;

	for (i = 0; i < count; i++, at += layout->each) {
		if (layout->name != NONE)
			move_string(m, at + layout->name);
		if (layout->type != NONE)
			move_id(m, at + layout->type);
	}
}

static int move_entry(void *ctx, const struct btf_entry *entry)
{
	const struct moving *m = ctx;
	char *at = m->types + entry->at;
	const struct layout *layout;

	move_string(m, at + offsetof(struct btf_type, name_off));
	if (entry->kind == BTF_KIND_ARRAY) {
		move_array(m, at + sizeof(struct btf_type));
		return 0;
	}
	if (entry->kind >= COUNT(layouts))
		return 0;
	layout = &layouts[entry->kind];
	if (layout->refers)
		move_id(m, at + offsetof(struct btf_type, type));
	if (layout->each)
		move_members(m, at + sizeof(struct btf_type) + layout->fixed,
			     entry->count, layout);
	return 0;
}

/* What all of them have together; 0: too much. */
static size_t total(const struct btf_types *base,
		    const struct btf_types *modules, size_t nmodules,
		    struct btf_header *header)
{
	uint64_t types = base->types_size, strings = base->strings_size;
	size_t i;

	for (i = 0; i < nmodules; i++) {
		types += modules[i].types_size;
		strings += modules[i].strings_size;
	}
	if (sizeof(*header) + types + strings > BTF_SIZE_MAX)
		return 0;
	*header = (struct btf_header){
		.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(*header),
		.type_len = (uint32_t)types,
		.str_off = (uint32_t)types,
		.str_len = (uint32_t)strings,
	};
	return sizeof(*header) + types + strings;
}

static void append(char **to, const char *from, size_t size)
{
	if (size)
		memcpy(*to, from, size);
	*to += size;
}

static int fill(char *types, char *strings, const struct btf_types *base,
		const struct btf_types *modules, size_t nmodules)
{
	struct moving m = { .base = base };
	int err = 0;
	size_t i;

	append(&types, base->types, base->types_size);
	append(&strings, base->strings, base->strings_size);
	for (i = 0; i < nmodules && !err; i++) {
		m.types = types;
		append(&types, modules[i].types, modules[i].types_size);
		append(&strings, modules[i].strings, modules[i].strings_size);
		err = btf_each(&modules[i], move_entry, &m);
		m.ids += modules[i].id_end - base->id_end;
		m.strings += modules[i].strings_size;
	}
	return err;
}

int btf_merge(const struct btf_types *base, const struct btf_types *modules,
	      size_t nmodules, void **out, size_t *size)
{
	scoped_free char *buffer = NULL;
	struct btf_header header;
	size_t i, all = total(base, modules, nmodules, &header);
	int err;

	for (i = 0; i < nmodules; i++)
		if (modules[i].base != base)
			return -EINVAL;
	if (!base->strings || base->base)
		return -EINVAL;
	if (!all)
		return -EFBIG;
	buffer = malloc(all);
	if (!buffer)
		return -ENOMEM;
	memcpy(buffer, &header, sizeof(header));
	err = fill(buffer + sizeof(header),
		   buffer + sizeof(header) + header.str_off, base, modules,
		   nmodules);
	if (err)
		return err;
	*out = take(buffer);
	*size = all;
	return 0;
}
