// SPDX-License-Identifier: BSD-2-Clause
/* btf_function.c - the arguments and results of functions. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/btf_function.h"

enum {
	ARGUMENTS = 12, /* MAX_BPF_FUNC_ARGS */
	ARGUMENT_SIZE = 16,
	DEPTH = 64, /* of typedefs; no kernel's is near that */
};

static int keep_place(void *ctx, const struct btf_entry *entry)
{
	((uint32_t *)ctx)[entry->id] = entry->at;
	return 0;
}

int btf_index_make(struct btf_index *index, const struct btf_types *btf)
{
	uint32_t *at = calloc((size_t)btf->id_end + 1, sizeof(*at));

	if (!at)
		return -ENOMEM;
	if (btf->base)
		btf_each(btf->base, keep_place, at);
	btf_each(btf, keep_place, at);
	*index = (struct btf_index){ .btf = btf, .at = at };
	return 0;
}

void btf_index_clear(struct btf_index *index)
{
	free(index->at);
	*index = (struct btf_index){ 0 };
}

/* What is where the type begins: parsing it has seen that it is whole. */
static const char *type_at(const struct btf_index *index, uint32_t id,
			   struct btf_type *type)
{
	const struct btf_types *btf = index->btf;
	const char *at;

	if (!id || id >= btf->id_end)
		return NULL;
	if (btf->base && id < btf->base->id_end)
		btf = btf->base;
	at = btf->types + index->at[id];
	memcpy(type, at, sizeof(*type));
	return at + sizeof(*type);
}

static bool is_modifier(unsigned int kind)
{
	return kind == BTF_KIND_TYPEDEF || kind == BTF_KIND_CONST ||
	       kind == BTF_KIND_VOLATILE || kind == BTF_KIND_RESTRICT ||
	       kind == BTF_KIND_TYPE_TAG;
}

/* Below the names and qualifiers: 0, which is void, or without an end, false. */
static bool type_below(const struct btf_index *index, uint32_t id,
		       struct btf_type *type)
{
	int depth;

	for (depth = 0; depth < DEPTH && type_at(index, id, type); depth++) {
		if (!is_modifier(BTF_INFO_KIND(type->info)))
			return true;
		id = type->type;
	}
	return false;
}

static bool is_struct(const struct btf_type *type)
{
	unsigned int kind = BTF_INFO_KIND(type->info);

	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}

static bool is_number(const struct btf_type *type)
{
	unsigned int kind = BTF_INFO_KIND(type->info);

	return kind == BTF_KIND_INT || kind == BTF_KIND_ENUM ||
	       kind == BTF_KIND_ENUM64;
}

/* void is what the dots of a variable number are. */
static bool argument_passes(const struct btf_index *index, uint32_t id)
{
	struct btf_type type;

	if (!type_below(index, id, &type))
		return false;
	return BTF_INFO_KIND(type.info) == BTF_KIND_PTR ||
	       ((is_number(&type) || is_struct(&type)) &&
		type.size <= ARGUMENT_SIZE);
}

static bool result_passes(const struct btf_index *index, uint32_t id)
{
	struct btf_type type;

	if (!id)
		return true;
	return type_below(index, id, &type) &&
	       (BTF_INFO_KIND(type.info) == BTF_KIND_PTR || is_number(&type));
}

bool btf_function_passes(const struct btf_index *index,
			 const struct btf_entry *function)
{
	struct btf_param argument;
	struct btf_type proto;
	const char *at = type_at(index, function->type, &proto);
	uint32_t count, i;

	if (!at || BTF_INFO_KIND(proto.info) != BTF_KIND_FUNC_PROTO)
		return false;
	count = BTF_INFO_VLEN(proto.info);
	if (count > ARGUMENTS || !result_passes(index, proto.type))
		return false;
	for (i = 0; i < count; i++) {
		memcpy(&argument, at + i * sizeof(argument), sizeof(argument));
		if (!argument_passes(index, argument.type))
			return false;
	}
	return true;
}
