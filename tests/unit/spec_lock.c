// SPDX-License-Identifier: BSD-2-Clause
/*
 * specs_lock.c - two daemons on one map: what one holds the other lets alone.
 */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/kind/usdt/spec_ids.h"
#include "attach/kind/usdt/spec_lock.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"
#include "tests/unit/check.h"
#include "tests/unit/specs_map.h"

enum {
	ROUNDS = 400,
	EACH_TAKES = 3, /* of a map of MAX: both fit only now and then */
};

static int take_one(int map, char c, uint32_t *id, struct specs **specs)
{
	struct usdt_spec spec = spec_of(c);
	struct err e;

	return specs_take(map, &spec, 1, id, specs, &e);
}

/* Between its lock and its write, the other's id still looks free. */
static void test_taking(void)
{
	scoped_fd int map = map_new(), other = specs_lock_open();
	struct specs *specs;
	uint32_t id;

	check_true("taking: a lock", other >= 0);
	check_true("taking: the highest",
		   specs_lock_alone(other, map_id(map), MAX - 1));
	check_number("taking", 0, take_one(map, 'a', &id, &specs));
	check_number("taking: the next", MAX - 2, id);
	check_text("taking: in the map", ".a..", content(map));
	check_true("taking: the other cannot have it",
		   !specs_lock_alone(other, map_id(map), id));
	specs_give(specs);
	check_text("taking: given back", "....", content(map));
	check_true("taking: now it can",
		   specs_lock_alone(other, map_id(map), id));
}

/* The other has taken over a link of ours by its pin. */
static void test_shared(void)
{
	scoped_fd int map = map_new(), other = specs_lock_open();
	struct specs *specs;
	uint32_t id;

	check_number("shared", 0, take_one(map, 'a', &id, &specs));
	check_true("shared: by the other",
		   specs_lock_share(other, map_id(map), id));
	specs_give(specs);
	check_text("shared: the spec stays", "a...", content(map));
	check_true("shared: no lock of ours",
		   specs_lock_alone(other, map_id(map), id));
}

/* No link has the id, but the other is about to make one. */
static void test_reclaim(void)
{
	scoped_fd int map = map_new(), other = specs_lock_open();
	const struct usdt_spec theirs = spec_of('x');
	struct specs *all[MAX] = { 0 };
	uint32_t id = 1, i;

	bpf_map_update(map, &id, theirs.bytes, BPF_ANY);
	specs_lock_share(other, map_id(map), id);
	for (i = 0; i < MAX - 1; i++)
		check_number("reclaim", 0,
			     take_one(map, (char)('a' + i), &id, &all[i]));
	check_number("reclaim: full", -ENOSPC,
		     take_one(map, 'z', &id, &all[i]));
	check_text("reclaim: theirs stays", "abxc", content(map));
	for (i = 0; i < MAX - 1; i++)
		specs_give(all[i]);
}

/* What another had and gave back is free again, on every kernel. */
static void test_given_back(void)
{
	scoped_fd int map = map_new(), other = specs_lock_open();
	struct specs *all[MAX] = { 0 };
	uint32_t id, i;

	specs_lock_alone(other, map_id(map), MAX - 1);
	check_number("given back: before", 0, take_one(map, 'a', &id, &all[0]));
	specs_lock_drop(other, map_id(map), MAX - 1);
	for (i = 1; i < MAX; i++)
		check_number("given back", 0,
			     take_one(map, (char)('a' + i), &id, &all[i]));
	check_text("given back: all", "dabc", content(map));
	for (i = 0; i < MAX; i++)
		specs_give(all[i]);
}

/* How often what one holds was not in the map. */
static int hold_and_look(int map, char first)
{
	struct usdt_spec list[EACH_TAKES], got = { .size = SPEC_SIZE_OLD };
	uint32_t ids[EACH_TAKES];
	struct specs *specs;
	int wrong = 0, round, i;
	struct err e;

	for (i = 0; i < EACH_TAKES; i++)
		list[i] = spec_of((char)(first + i));
	for (round = 0; round < ROUNDS; round++) {
		if (specs_take(map, list, EACH_TAKES, ids, &specs, &e))
			continue;
		for (i = 0; i < EACH_TAKES; i++)
			wrong += bpf_map_lookup(map, &ids[i], got.bytes) ||
				 !spec_equal(&list[i], &got);
		specs_give(specs);
	}
	return wrong < 100 ? wrong : 100;
}

static void test_both(void)
{
	scoped_fd int map = map_new();
	pid_t pid = fork();
	int status = 0;

	if (!pid)
		_exit(hold_and_look(map, 'n'));
	check_number("both: specs of ours that changed", 0,
		     hold_and_look(map, 'a'));
	check_number("both: wait", pid, waitpid(pid, &status, 0));
	check_number("both: specs of the other that changed", 0, status);
	check_text("both: all given back", "....", content(map));
}

int main(void)
{
	scoped_fd int map = map_new();
	struct err e;

	if (map < 0) {
		printf("skip specs_lock: no maps here: %s\n", strerror(errno));
		return 0;
	}
	if (tracefs_setup(NULL, true, &e)) {
		printf("skip specs_lock: no tracefs here: %s\n", e.text);
		return 0;
	}
	test_taking();
	test_shared();
	test_reclaim();
	test_given_back();
	test_both();
	return check_end("specs_lock");
}
