// SPDX-License-Identifier: BSD-2-Clause
/* btf_merge.c - types of vmlinux and of modules in one, as libbpf reads them. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>

#include "attach/kernel/symbols/btf_merge.h"
#include "scope.h"
#include "tests/unit/check.h"

/* Two modules that each go on from the same base, with equal ids. */
struct made {
	struct btf *base, *modules[2];
	struct btf_types types, parts[2];
	void *bytes[3]; /* of the three: libbpf makes its own anew */
};

static void add_base(struct btf *btf)
{
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);

	btf__add_struct(btf, "task", 8);
	btf__add_field(btf, "pid", number, 0, 0);
}

/* Of each kind that has an id or a name; NAME is another in each. */
static void add_module(struct btf *btf, const char *name)
{
	int number = btf__find_by_name(btf, "int");
	int task = btf__find_by_name(btf, "task");
	int own = btf__add_struct(btf, name, 32);
	int proto;

	btf__add_field(btf, "owner", btf__add_ptr(btf, task), 0, 0);
	own = btf__add_typedef(btf, "own_t", own);
	btf__add_array(btf, number, own, 3);
	proto = btf__add_func_proto(btf, btf__add_const(btf, own));
	btf__add_func_param(btf, name, btf__add_ptr(btf, own));
	btf__add_func(btf, name, BTF_FUNC_STATIC, proto);
	btf__add_enum(btf, "state", 4);
	btf__add_enum_value(btf, name, 7);
	btf__add_enum64(btf, "wide", 8, false);
	btf__add_enum64_value(btf, name, 1ULL << 40);
	btf__add_union(btf, "either", 8);
	btf__add_field(btf, name, own, 0, 0);
	btf__add_datasec(btf, ".data", 4);
	btf__add_datasec_var_info(
		btf, btf__add_var(btf, name, BTF_VAR_STATIC, number), 0, 4);
	btf__add_decl_tag(btf, name, own, -1);
	btf__add_fwd(btf, name, BTF_FWD_UNION);
}

static bool parse(struct btf *from, void **bytes, struct btf_types *to,
		  const struct btf_types *base)
{
	uint32_t size;
	const void *data = btf__raw_data(from, &size);

	*bytes = data ? malloc(size) : NULL;
	if (!*bytes)
		return false;
	memcpy(*bytes, data, size);
	return !btf_parse(to, *bytes, size, base);
}

static bool make(struct made *made)
{
	static const char *const names[] = { "first", "second" };
	size_t i;

	made->base = btf__new_empty();
	add_base(made->base);
	if (!parse(made->base, &made->bytes[2], &made->types, NULL))
		return false;
	for (i = 0; i < 2; i++) {
		made->modules[i] = btf__new_empty_split(made->base);
		add_module(made->modules[i], names[i]);
		if (!parse(made->modules[i], &made->bytes[i], &made->parts[i],
			   &made->types))
			return false;
	}
	return true;
}

static void made_free(struct made *made)
{
	btf__free(made->modules[0]);
	btf__free(made->modules[1]);
	btf__free(made->base);
	free(made->bytes[0]);
	free(made->bytes[1]);
	free(made->bytes[2]);
}

/* The type of that id as a module has it, with its ids and names spelt out. */
static void tell(const struct btf *btf, __u32 id, int depth, FILE *out)
{
	const struct btf_type *t = btf__type_by_id(btf, id);
	const struct btf_member *member = btf_members(t);
	const struct btf_var_secinfo *info = btf_var_secinfos(t);
	const struct btf_param *param = btf_params(t);
	unsigned int i;

	fprintf(out, "(%u %s", btf_kind(t),
		btf__name_by_offset(btf, t->name_off));
	for (i = 0; depth && i < btf_vlen(t); i++) {
		if (btf_is_composite(t)) {
			fprintf(out, " .%s",
				btf__name_by_offset(btf, member[i].name_off));
			tell(btf, member[i].type, depth - 1, out);
		} else if (btf_is_enum(t)) {
			fprintf(out, " %s",
				btf__name_by_offset(btf,
						    btf_enum(t)[i].name_off));
		} else if (btf_is_enum64(t)) {
			fprintf(out, " %s",
				btf__name_by_offset(btf,
						    btf_enum64(t)[i].name_off));
		} else if (btf_is_datasec(t)) {
			tell(btf, info[i].type, depth - 1, out);
		} else if (btf_is_func_proto(t)) {
			fprintf(out, " %s",
				btf__name_by_offset(btf, param[i].name_off));
			tell(btf, param[i].type, depth - 1, out);
		}
	}
	if (depth && btf_is_array(t)) {
		tell(btf, btf_array(t)->type, depth - 1, out);
		tell(btf, btf_array(t)->index_type, depth - 1, out);
	}
	if (depth && (btf_is_ptr(t) || btf_is_mod(t) || btf_is_typedef(t) ||
		      btf_is_func(t) || btf_is_func_proto(t) || btf_is_var(t) ||
		      btf_is_decl_tag(t)))
		tell(btf, t->type, depth - 1, out);
	fputc(')', out);
}

/* Types from begin to end, each in full. */
static char *told(const struct btf *btf, __u32 begin, __u32 end)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (; out && begin < end; begin++)
		tell(btf, begin, 5, out);
	if (out)
		fclose(out);
	return text;
}

static void test_merged(void)
{
	struct made made = { 0 };
	scoped_free void *bytes = NULL;
	struct btf *merged;
	__u32 base, part, first;
	char *want, *got;
	size_t size, i;

	check_true("made", make(&made));
	check_number("merges", 0,
		     btf_merge(&made.types, made.parts, 2, &bytes, &size));
	merged = btf__new(bytes, (__u32)size);
	check_true("libbpf reads it", !libbpf_get_error(merged));
	base = btf__type_cnt(made.base);
	part = btf__type_cnt(made.modules[0]) - base;
	check_number("has all types", base + 2 * part, btf__type_cnt(merged));
	for (i = 0, first = base; i < 2; i++, first += part) {
		want = told(made.modules[i], base, base + part);
		got = told(merged, first, first + part);
		check_text("a module's types", want, got);
		free(want);
		free(got);
	}
	check_true("names are told apart",
		   btf__find_by_name(merged, "second") > 0);
	btf__free(merged);
	made_free(&made);
}

static void test_refused(void)
{
	struct made made = { 0 };
	struct btf_types other;
	void *bytes = NULL;
	size_t size = 0;

	check_true("made", make(&made));
	other = made.parts[0];
	other.base = NULL;
	check_number("of another base", -EINVAL,
		     btf_merge(&made.types, &other, 1, &bytes, &size));
	other = made.parts[0];
	other.types_size = BTF_SIZE_MAX;
	check_number("too much", -EFBIG,
		     btf_merge(&made.types, &other, 1, &bytes, &size));
	check_true("nothing was made", !bytes && !size);
	made_free(&made);
}

int main(void)
{
	test_merged();
	test_refused();
	return check_end("btf_merge");
}
