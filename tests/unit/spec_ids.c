// SPDX-License-Identifier: BSD-2-Clause
/* specs.c - who has which id, on maps and links of this kernel. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"
#include "attach/kernel/features.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/perf.h"
#include "attach/kind/usdt/spec_ids.h"
#include "scope.h"
#include "tests/unit/specs_map.h"

static int failed, cases;

static void same(const char *what, int64_t expected, int64_t got)
{
	cases++;
	if (expected == got)
		return;
	failed = 1;
	printf("%s: expected %" PRId64 ", got %" PRId64 "\n", what, expected,
	       got);
}

static void has(const char *what, const char *part, const char *text)
{
	cases++;
	if (strstr(text, part))
		return;
	failed = 1;
	printf("%s: expected '%s' in '%s'\n", what, part, text);
}

static void holds(const char *what, int map, const char *expected)
{
	const char *got = content(map);

	cases++;
	if (!strcmp(expected, got))
		return;
	failed = 1;
	printf("%s: expected '%s', got '%s'\n", what, expected, got);
}

/* One spec a letter. */
static struct specs *take_specs(int map, const char *letters, uint32_t *ids,
				struct err *e)
{
	struct usdt_spec list[2 * MAX];
	struct specs *specs;
	size_t n;

	for (n = 0; letters[n]; n++)
		list[n] = spec_of(letters[n]);
	e->code = 0;
	if (specs_take(map, list, n, ids, &specs, e))
		same("nothing on failure", 0, specs != NULL);
	return specs;
}

static void test_order(void)
{
	scoped_fd int map = map_new();
	struct specs *first, *second;
	uint32_t ids[2 * MAX];
	struct err e;

	first = take_specs(map, "abab", ids, &e);
	same("first id", MAX - 1, ids[0]);
	same("second id", MAX - 2, ids[1]);
	same("the same spec", ids[0], ids[2]);
	same("the same spec", ids[1], ids[3]);
	holds("two specs", map, "ab..");
	second = take_specs(map, "cb", ids, &e);
	same("next id", MAX - 3, ids[0]);
	same("shared between probes", MAX - 2, ids[1]);
	holds("three specs", map, "abc.");
	specs_give(first);
	holds("the first gone", map, ".bc.");
	first = take_specs(map, "d", ids, &e);
	same("a free id again", MAX - 1, ids[0]);
	specs_give(first);
	specs_give(second);
	holds("all gone", map, "....");
	specs_give(NULL);
	specs_leave(NULL);
}

static void test_full(void)
{
	scoped_fd int map = map_new();
	struct specs *first, *second;
	uint32_t ids[2 * MAX];
	struct err e;

	first = take_specs(map, "ab", ids, &e);
	second = take_specs(map, "cacade", ids, &e);
	same("no room", ENOSPC, e.code);
	has("how many are needed", "4 different", e.text);
	has("how many there are", "room for 4, with 2 in use", e.text);
	holds("nothing stays", map, "ab..");
	second = take_specs(map, "acd", ids, &e);
	same("just enough", 0, e.code);
	holds("just enough", map, "abcd");
	specs_give(second);
	specs_give(first);
	first = take_specs(map, "abcde", ids, &e);
	same("no room for one", E2BIG, e.code);
	has("however empty", "5 different", e.text);
	holds("and nothing stays", map, "....");
}

static void test_sizes(void)
{
	static const struct {
		uint32_t value_size;
		int code;
	} table[] = {
		{ SPEC_SIZE_OLD, 0 },
		{ SPEC_SIZE_INDEX, 0 },
		{ SPEC_SIZE_OLD + 8, EOPNOTSUPP },
	};
	size_t i;

	for (i = 0; i < COUNT(table); i++) {
		scoped_fd int map = map_of(table[i].value_size, MAX);
		struct usdt_spec spec = { .size = table[i].value_size };
		struct specs *specs;
		uint32_t id;
		struct err e;

		spec.bytes[spec.size - 1] = 'z';
		same("size", -table[i].code,
		     specs_take(map, &spec, 1, &id, &specs, &e));
		specs_give(specs);
	}
	same("no map", -EBADFD,
	     specs_take(-1, NULL, 0, NULL, &(struct specs *){ NULL },
			&(struct err){ 0 }));
}

/* What others have written is theirs. */
static void test_foreign(void)
{
	scoped_fd int map = map_new();
	struct usdt_spec theirs = spec_of('x');
	struct specs *specs;
	uint32_t ids[MAX], id = MAX - 1;
	struct err e;

	bpf_map_update(map, &id, theirs.bytes, BPF_ANY);
	specs = take_specs(map, "ax", ids, &e);
	same("below it", MAX - 2, ids[0]);
	same("not shared with others", MAX - 3, ids[1]);
	holds("beside it", map, "xax.");
	id = 0;
	bpf_map_update(map, &id, theirs.bytes, BPF_ANY);
	specs_give(specs);
	holds("others' stay", map, "x..x");
}

static void test_adopt(void)
{
	scoped_fd int map = map_new();
	const uint32_t taken[] = { MAX - 1, MAX - 1, MAX - 2 }, bad = MAX;
	struct specs *specs, *left, *adopted, *again;
	uint32_t ids[MAX];
	struct err e;

	left = take_specs(map, "ab", ids, &e);
	specs_leave(left);
	holds("left", map, "ab..");
	specs = take_specs(map, "a", ids, &e);
	same("what was left is another's", MAX - 3, ids[0]);
	same("adopt", 0, specs_adopt(map, taken, 3, &adopted, &e));
	again = take_specs(map, "b", ids, &e);
	same("shared with what was adopted", MAX - 2, ids[0]);
	same("no such id", -EINVAL, specs_adopt(map, &bad, 1, &left, &e));
	has("no such id", "spec id 4", e.text);
	specs_give(specs);
	specs_give(adopted);
	holds("others may have it too", map, "ab..");
	specs_give(again);
	holds("that as well", map, "ab..");
}

static int program_with(int map)
{
	const struct bpf_insn insns[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM,
		  .dst_reg = BPF_REG_1,
		  .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = map },
		{ 0 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load_insns(BPF_PROG_TYPE_KPROBE, 0, 0, "specs", insns,
				   4);
}

static int link_with(int prog, uint64_t cookie)
{
	scoped_fd int event = perf_uprobe("/proc/self/exe", 0x10, 0, 0, false);

	return bpf_link_perf(prog, event, cookie);
}

static bool cookies_are_told(int link)
{
	struct link_info info;
	bool told;

	told = !link_info_get(link, &info) && info.has & LINK_HAS_COOKIE;
	link_info_clear(&info);
	return told;
}

/* Ids left by somebody who is gone come back, those that links have do not. */
static void test_reclaim(void)
{
	scoped_fd int map = map_new();
	scoped_fd int prog = program_with(map);
	scoped_fd int link = link_with(prog, MAX - 2);
	bool told = link >= 0 && cookies_are_told(link);
	struct specs *specs;
	uint32_t ids[2 * MAX];
	struct err e;

	specs_leave(take_specs(map, "abc", ids, &e));
	specs = take_specs(map, "d", ids, &e);
	holds("full", map, "abcd");
	specs_give(specs);
	specs = take_specs(map, "def", ids, &e);
	if (!told) {
		same("who has them is not known", ENOSPC, e.code);
		holds("not known", map, "abc.");
		return;
	}
	same("taken back", 0, e.code);
	same("first of all the free one", 0, ids[0]);
	same("then from the top", MAX - 1, ids[1]);
	holds("taken back", map, "ebfd");
	same("the linked one", ENOSPC, (take_specs(map, "g", ids, &e), e.code));
	specs_give(specs);
	holds("given back", map, ".b..");
	fd_close(take_fd(&link));
	specs = take_specs(map, "ghij", ids, &e);
	same("no link has it now", 0, e.code);
	specs_give(specs);
	holds("all gone", map, "....");
}

/* No id twice while it is held, and each back in the end. */
static void test_many(void)
{
	enum { MANY = 5000 };
	scoped_fd int map = map_of(SPEC_SIZE_OLD, MANY);
	struct usdt_spec *list = calloc(MANY, sizeof(*list));
	uint32_t *ids = calloc(MANY, sizeof(*ids)), i, wrong = 0;
	struct specs *specs;
	struct err e;

	for (i = 0; i < MANY; i++) {
		list[i].size = SPEC_SIZE_OLD;
		memcpy(list[i].bytes + 8, &i, sizeof(i));
		list[i].bytes[0] = 1;
	}
	same("many", 0, specs_take(map, list, MANY, ids, &specs, &e));
	for (i = 0; i < MANY; i++)
		wrong += ids[i] != MANY - 1 - i;
	same("ids that are not in order", 0, wrong);
	specs_give(specs);
	same("again", 0, specs_take(map, list, MANY, ids, &specs, &e));
	specs_give(specs);
	free(list);
	free(ids);
}

/* However many a program says that there are. */
static void test_bound(void)
{
	enum { BEYOND = (1 << 16) + 5 };
	scoped_fd int map = map_of(SPEC_SIZE_OLD, BEYOND);
	struct specs *specs;
	uint32_t ids[1], beyond = BEYOND - 1;
	struct err e;

	specs = take_specs(map, "a", ids, &e);
	same("the highest that is used", (1 << 16) - 1, ids[0]);
	specs_give(specs);
	same("not beyond it", -EINVAL,
	     specs_adopt(map, &beyond, 1, &specs, &e));
}

int main(void)
{
	scoped_fd int map = map_new();

	if (map < 0) {
		printf("skip specs: no maps here: %s\n", strerror(errno));
		return 0;
	}
	test_order();
	test_full();
	test_sizes();
	test_foreign();
	test_adopt();
	test_reclaim();
	test_many();
	test_bound();
	if (!failed)
		printf("ok specs: %d cases\n", cases);
	return failed;
}
