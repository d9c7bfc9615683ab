// SPDX-License-Identifier: BSD-2-Clause
/* value_type.c - types as C writes them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/map/value_draft.h"

enum { DECLARED = 512, DEPTH = 32 };

/* What is declared, from its name outwards: "*", "(*)[4]", "[2][3]". */
struct declarator {
	char text[DECLARED];
	size_t begin, end; /* of the text, which grows on both sides */
};

static bool put_before(struct declarator *d, const char *text)
{
	size_t length = strlen(text);

	if (length > d->begin)
		return false;
	d->begin -= length;
	memcpy(d->text + d->begin, text, length);
	return true;
}

static bool put_behind(struct declarator *d, const char *text)
{
	size_t length = strlen(text);

	if (length > sizeof(d->text) - d->end)
		return false;
	memcpy(d->text + d->end, text, length);
	d->end += length;
	return true;
}

/* What stands behind binds closer than the stars before. */
static bool bind(struct declarator *d)
{
	if (d->begin == d->end || d->text[d->begin] != '*')
		return true;
	return put_before(d, "(") && put_behind(d, ")");
}

static bool put_array(struct declarator *d, const char *tail)
{
	char text[sizeof("[4294967295]")];
	struct btf_array array;

	memcpy(&array, tail, sizeof(array));
	snprintf(text, sizeof(text), "[%u]", array.nelems);
	return bind(d) && put_behind(d, text);
}

/* Words of a type that has a name, before the name; NULL: it has none. */
static const char *const words[] = {
	[BTF_KIND_INT] = "",	     [BTF_KIND_STRUCT] = "struct ",
	[BTF_KIND_UNION] = "union ", [BTF_KIND_ENUM] = "enum ",
	[BTF_KIND_FWD] = "struct ",  [BTF_KIND_TYPEDEF] = "",
	[BTF_KIND_FLOAT] = "",	     [BTF_KIND_ENUM64] = "enum ",
	[BTF_KIND_DATASEC] = "",
};

/* Qualifiers, which stand before what they qualify, be that a star or a name. */
static const char *const qualifiers[] = {
	[BTF_KIND_CONST] = "const ",
	[BTF_KIND_VOLATILE] = "volatile ",
	[BTF_KIND_RESTRICT] = "restrict ",
	[BTF_KIND_TYPE_TAG] = "",
	[BTF_KIND_VAR] = "",
};

static void finish(struct draft *out, const struct btf_entry *entry,
		   const char *qualified, const struct declarator *d)
{
	size_t i;

	draft_text(out, qualified);
	draft_text(out, entry->kind == BTF_KIND_FWD && entry->flag
				? "union "
				: words[entry->kind]);
	draft_name(out, entry->name[0] ? entry->name : "{...}");
	if (d->begin < d->end)
		draft_char(out, ' ');
	for (i = d->begin; i < d->end; i++)
		draft_char(out, d->text[i]);
}

/*
 * A step outwards: false: it is the last, or it is too long.  A qualifier waits
 * for what it qualifies.
 */
static bool step(struct declarator *d, const struct btf_entry *entry,
		 const char *tail, char *qualified)
{
	switch (entry->kind) {
	case BTF_KIND_PTR:
		/* The qualifier is the pointer's own: "* const". */
		if (!put_before(d, qualified) || !put_before(d, "*"))
			return false;
		qualified[0] = '\0';
		return true;
	case BTF_KIND_ARRAY:
		return put_array(d, tail);
	case BTF_KIND_FUNC_PROTO:
		return bind(d) && put_behind(d, "(...)");
	default:
		if (strlen(qualified) + strlen(qualifiers[entry->kind]) >=
		    DEPTH)
			return false;
		strcat(qualified, qualifiers[entry->kind]);
		return true;
	}
}

static bool is_last(unsigned int kind)
{
	return kind < COUNT(words) && words[kind];
}

static bool is_step(unsigned int kind)
{
	return kind == BTF_KIND_PTR || kind == BTF_KIND_ARRAY ||
	       kind == BTF_KIND_FUNC_PROTO ||
	       (kind < COUNT(qualifiers) && qualifiers[kind]);
}

int value_draft_type(const struct btf_index *index, uint32_t type,
		     struct draft *out)
{
	struct declarator d = { .begin = DECLARED / 2, .end = DECLARED / 2 };
	struct btf_entry entry = { .kind = BTF_KIND_INT, .name = "void" };
	char qualified[DEPTH] = "";
	struct btf_array array;
	const char *tail = "";
	int depth;

	for (depth = 0; type && depth < DEPTH; depth++) {
		if (type >= index->btf->id_end)
			return -EINVAL;
		tail = btf_entry_at(index->btf, type, index->at[type], &entry);
		if (!tail || is_last(entry.kind))
			break;
		if (!is_step(entry.kind) || !step(&d, &entry, tail, qualified))
			return -EINVAL;
		type = entry.type;
		if (entry.kind == BTF_KIND_ARRAY) {
			memcpy(&array, tail, sizeof(array));
			type = array.type;
		}
		if (!type)
			entry = (struct btf_entry){ .kind = BTF_KIND_INT,
						    .name = "void" };
	}
	if (!tail || depth == DEPTH)
		return -EINVAL;
	finish(out, &entry, qualified, &d);
	return 0;
}
