// SPDX-License-Identifier: BSD-2-Clause
/* btf.c - reading the kernel's BTF, and bytes that are none. */
#include <errno.h>

#include "attach/kernel/btf.h"
#include "attach/kernel/btf_function.h"
#include "scope.h"
#include "tests/unit/check.h"

/* Ids 1 to 5 and names, for btf_parse(). */
struct blob {
	struct btf_header header;
	struct btf_type integer;
	uint32_t bits;
	struct btf_type proto;
	struct btf_param param;
	struct btf_type func;
	struct btf_type alias;
	char strings[32];
};

#define INFO(kind, count) ((uint32_t)(kind) << 24 | (count))
#define STRINGS		  "\0int\0run\0btf_trace_run"

static const struct blob good = {
	.header = { .magic = BTF_MAGIC,
		    .version = 1,
		    .hdr_len = sizeof(struct btf_header),
		    .type_len = offsetof(struct blob, strings) -
				offsetof(struct blob, integer),
		    .str_off = offsetof(struct blob, strings) -
			       offsetof(struct blob, integer),
		    .str_len = sizeof(STRINGS) },
	.integer = { .name_off = 1, .info = INFO(BTF_KIND_INT, 0), .size = 4 },
	.bits = 32,
	.proto = { .info = INFO(BTF_KIND_FUNC_PROTO, 1), .type = 1 },
	.param = { .type = 1 },
	.func = { .name_off = 5, .info = INFO(BTF_KIND_FUNC, 1), .type = 2 },
	.alias = { .name_off = 9,
		   .info = INFO(BTF_KIND_TYPEDEF, 0),
		   .type = 3 },
	.strings = STRINGS,
};

enum { GOOD_SIZE = offsetof(struct blob, strings) + sizeof(STRINGS) };

static void test_good(void)
{
	struct btf_types btf, split, module;
	struct blob more = good;
	struct btf_entry entry = { 0 };

	check_number("good", 0, btf_parse(&btf, &good, GOOD_SIZE, NULL));
	check_number("a function", 3, btf_find(&btf, BTF_KIND_FUNC, "run"));
	check_number("not of that kind", 0,
		     btf_find(&btf, BTF_KIND_STRUCT, "run"));
	check_number("a typedef", 4,
		     btf_find(&btf, BTF_KIND_TYPEDEF, "btf_trace_run"));
	check_true("of id 3", btf_entry_of(&btf, 3, &entry));
	check_text("name of id 3", "run", entry.name);
	check_number("type of id 3", 2, entry.type);
	check_true("no id 0", !btf_entry_of(&btf, 0, &entry));
	check_true("no id 5", !btf_entry_of(&btf, 5, &entry));
	/* A module's: the base's names, then its own. */
	more.alias.name_off = sizeof(STRINGS) + 1;
	check_number("split", 0, btf_parse(&split, &more, GOOD_SIZE, &btf));
	check_number("goes on", 7, btf_find(&split, BTF_KIND_FUNC, "run"));
	check_true("own name", btf_entry_of(&split, 8, &entry));
	check_text("own name", "int", entry.name);
	check_true("the base's", btf_entry_of(&split, 3, &entry));
	check_text("the base's", "run", entry.name);
	check_number("without base", -EINVAL,
		     btf_parse(&module, &more, GOOD_SIZE, NULL));
}

static void test_truncated(void)
{
	struct btf_types btf;
	size_t size;
	char *copy;

	for (size = 0; size < GOOD_SIZE; size++) {
		copy = malloc(size + 1);
		memcpy(copy, &good, size);
		check_number("cut", -EINVAL, btf_parse(&btf, copy, size, NULL));
		free(copy);
	}
}

static const struct {
	const char *what;
	size_t at;
	uint32_t value;
} hostile[] = {
	{ "magic", offsetof(struct blob, header), 0 },
	{ "short header", offsetof(struct blob, header.hdr_len), 23 },
	{ "long header", offsetof(struct blob, header.hdr_len), UINT32_MAX },
	{ "types behind", offsetof(struct blob, header.type_off), UINT32_MAX },
	{ "types too long", offsetof(struct blob, header.type_len),
	  UINT32_MAX },
	{ "half a type", offsetof(struct blob, header.type_len), 13 },
	{ "strings behind", offsetof(struct blob, header.str_off),
	  UINT32_MAX - 23 },
	{ "strings too long", offsetof(struct blob, header.str_len),
	  UINT32_MAX },
	{ "no strings", offsetof(struct blob, header.str_len), 0 },
	{ "no NUL", offsetof(struct blob, header.str_len), 3 },
	{ "name behind", offsetof(struct blob, func.name_off),
	  sizeof(STRINGS) },
	{ "name far", offsetof(struct blob, func.name_off), UINT32_MAX },
	{ "kind 0", offsetof(struct blob, func.info), 0 },
	{ "kind 20", offsetof(struct blob, func.info), INFO(20, 0) },
	{ "kind 127", offsetof(struct blob, func.info), INFO(127, 0) },
	{ "members behind", offsetof(struct blob, proto.info),
	  INFO(BTF_KIND_FUNC_PROTO, 0xffffff) },
};

static void test_hostile(void)
{
	struct btf_types btf;
	struct blob bad;
	size_t i;

	for (EACH(hostile, i)) {
		bad = good;
		memcpy((char *)&bad + hostile[i].at, &hostile[i].value,
		       sizeof(hostile[i].value));
		check_number(hostile[i].what, -EINVAL,
			     btf_parse(&btf, &bad, GOOD_SIZE, NULL));
	}
	check_number("a path is no module", -ENOENT,
		     btf_read(&btf, "../notes", NULL));
	btf_clear(&btf);
}

struct counts {
	uint32_t functions, traces, iterators, last;
	bool ordered;
};

static int counted(void *ctx, const struct btf_entry *entry)
{
	struct counts *counts = ctx;
	bool function = entry->kind == BTF_KIND_FUNC;

	counts->ordered &= entry->id == counts->last + 1;
	counts->last = entry->id;
	counts->functions += function;
	counts->iterators += function && !strncmp(entry->name, "bpf_iter_", 9);
	counts->traces += entry->kind == BTF_KIND_TYPEDEF &&
			  !strncmp(entry->name, "btf_trace_", 10);
	return 0;
}

/* What every kernel with BTF has. */
static const struct {
	unsigned int kind;
	const char *name;
} always[] = {
	{ BTF_KIND_FUNC, "schedule" },
	{ BTF_KIND_FUNC, "bpf_iter_task" },
	{ BTF_KIND_STRUCT, "task_struct" },
	{ BTF_KIND_TYPEDEF, "btf_trace_sched_switch" },
};

static void test_kernel(const struct btf_types *btf)
{
	struct counts counts = { .ordered = true };
	struct btf_entry entry = { 0 };
	uint32_t id;
	size_t i;

	for (EACH(always, i)) {
		id = btf_find(btf, always[i].kind, always[i].name);
		check_true(always[i].name, id);
		check_true(always[i].name, btf_entry_of(btf, id, &entry));
		check_text("found by its id", always[i].name, entry.name);
		check_number("its kind", always[i].kind, entry.kind);
	}
	check_number("to the end", 0, btf_each(btf, counted, &counts));
	check_true("each id once", counts.ordered);
	check_number("all ids", btf->id_end - 1, counts.last);
	check_true("functions", counts.functions > 10000);
	check_true("raw tracepoints", counts.traces > 100);
	check_true("iterators", counts.iterators > 2);
}

static int module_read(void *ctx, const char *module)
{
	const struct btf_types *vmlinux = ctx;
	struct btf_types btf;
	int err;

	if (!strcmp(module, "vmlinux"))
		return 0;
	err = btf_read(&btf, module, vmlinux);
	check_number(module, 0, err);
	check_true(module, err || btf.id_end > vmlinux->id_end);
	btf_clear(&btf);
	return 0;
}

static void test_object(const struct btf_types *vmlinux)
{
	struct btf_object object;
	struct btf_types btf;
	uint32_t id;
	int err = btf_object_find("vmlinux", &id);

	if (err) {
		check_skip("BTF by id", strerror(-err));
		return;
	}
	check_number("info", 0, btf_object_info(id, &object));
	check_text("its name", "vmlinux", object.name);
	check_number("the same by id", 0, btf_read_id(&btf, id, NULL));
	check_number("the same by id", vmlinux->id_end, btf.id_end);
	check_number("schedule", btf_find(vmlinux, BTF_KIND_FUNC, "schedule"),
		     btf_find(&btf, BTF_KIND_FUNC, "schedule"));
	btf_clear(&btf);
	check_number("no such module", -ENOENT,
		     btf_object_find("no such", &id));
}

/* run(4 bytes) passes; not with a void, a large or no argument, or a result. */
static void test_passes(void)
{
	struct blob blobs[] = { good, good, good, good, good };
	static const bool passes[] = { true, false, false, false, false };
	struct btf_types btf;
	struct btf_index index;
	struct btf_entry run = { 0 };
	size_t i;

	blobs[1].param.type = 0;
	blobs[2].integer.size = 17;
	blobs[3].param.type = 99;
	blobs[4].proto.type = 2;
	for (i = 0; i < sizeof(passes) / sizeof(passes[0]); i++) {
		check_number("parsed", 0,
			     btf_parse(&btf, &blobs[i], GOOD_SIZE, NULL));
		btf_entry_of(&btf, 3, &run);
		check_number("index", 0, btf_index_make(&index, &btf));
		check_number("passes", passes[i],
			     btf_function_passes(&index, &run));
		btf_index_clear(&index);
	}
}

int main(void)
{
	struct btf_types vmlinux;
	int err;

	test_good();
	test_truncated();
	test_hostile();
	err = btf_read(&vmlinux, "vmlinux", NULL);
	if (err) {
		check_skip("the kernel's BTF", strerror(-err));
		test_passes();
		return check_end("btf");
	}
	test_kernel(&vmlinux);
	check_number("modules", 0, btf_each_module(module_read, &vmlinux));
	test_object(&vmlinux);
	btf_clear(&vmlinux);
	return check_end("btf");
}
