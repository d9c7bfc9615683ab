// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* tracefs_name.c - names of groups and events, and whose they are. */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/kernel/tracefs_name.h"
#include "tests/unit/check.h"

#define A46 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeee"

static void test_event_names(void)
{
	static const struct {
		const char *label, *event;
	} table[] = {
		{ "main", "main_00000000000000ff" },
		{ "", "__00000000000000ff" },
		{ "9lives", "_9lives_00000000000000ff" },
		{ "a.isra.0", "a_isra_0_00000000000000ff" },
		{ "../../x", "_x_00000000000000ff" },
		{ "a--b", "a_b_00000000000000ff" },
		{ "\xc3\xa9t\xc3\xa9", "_t__00000000000000ff" },
		{ A46, A46 "_00000000000000ff" },
		{ A46 "f", A46 "_00000000000000ff" },
	};
	char event[TRACEFS_NAME];
	uint64_t number;
	size_t i;

	for (EACH(table, i)) {
		tracefs_event_make(table[i].label, 0xff, event);
		check_text(table[i].label, table[i].event, event);
		number = 0;
		check_true(event, tracefs_event_parse(event, &number));
		check_number(event, 0xff, number);
	}
	tracefs_event_make("x", UINT64_MAX, event);
	tracefs_event_parse(event, &number);
	check_number(event, -1, number);
}

static void test_event_refused(void)
{
	static const char *const table[] = {
		"",
		"main",
		"main_",
		"main_ff",
		"main_00000000000000fg",
		"main_00000000000000FF",
		"main_00000000000000ff0",
		"main_ 0000000000000ff",
		"main_-000000000000fff",
	};
	uint64_t number;
	size_t i;

	for (EACH(table, i))
		check_true(table[i], !tracefs_event_parse(table[i], &number));
}

static void test_groups(void)
{
	static const struct {
		const char *group;
		bool ours;
		uint32_t pid, start;
	} table[] = {
		{ "probefs_0000002a00000007", true, 42, 7 },
		{ "probefs_ffffffffffffffff", true, UINT32_MAX, UINT32_MAX },
		{ "probefs_0000002a0000000", false, 0, 0 },
		{ "probefs_0000002a000000070", false, 0, 0 },
		{ "probefs_0000002A00000007", false, 0, 0 },
		{ "probefs_0x00002a00000007", false, 0, 0 },
		{ "probefs", false, 0, 0 },
		{ "kprobes", false, 0, 0 },
		{ "bpftrace_0000002a00000007", false, 0, 0 },
		{ "", false, 0, 0 },
	};
	char group[TRACEFS_NAME];
	uint32_t pid, start;
	size_t i;

	for (EACH(table, i)) {
		check_number(table[i].group, table[i].ours,
			     tracefs_group_parse(table[i].group, &pid, &start));
		if (!table[i].ours)
			continue;
		check_number(table[i].group, table[i].pid, pid);
		check_number(table[i].group, table[i].start, start);
		tracefs_group_make(pid, start, group);
		check_text("group", table[i].group, group);
	}
}

static void test_lines(void)
{
	static const struct {
		const char *line, *group, *event; /* NULL: no event */
	} table[] = {
		{ "p:g/e /bin/sh:0x10\n", "g", "e" },
		{ "r:g/e vfs_read\n", "g", "e" },
		{ "r8:probefs_1/e_2 a:b+0x1 x=%ax:u64\n", "probefs_1", "e_2" },
		{ "p:g/e\n", "g", "e" },
		{ "p:g e/f\n", NULL, NULL },
		{ "p vfs_read\n", NULL, NULL },
		{ "\n", NULL, NULL },
		{ "", NULL, NULL },
	};
	char group[TRACEFS_NAME], event[TRACEFS_NAME];
	size_t i;

	for (EACH(table, i)) {
		check_number(table[i].line, table[i].group != NULL,
			     tracefs_line_parse(table[i].line, group, event));
		if (!table[i].group)
			continue;
		check_text(table[i].line, table[i].group, group);
		check_text(table[i].line, table[i].event, event);
	}
}

static void test_identifiers(void)
{
	static const struct {
		const char *name;
		bool ok;
	} table[] = {
		{ "sched", true },  { "9p", true },   { "xhci-hcd", true },
		{ "_x", true },	    { "", false },    { ".", false },
		{ "..", false },    { "a/b", false }, { "a b", false },
		{ A46 A46, false }, { "a\n", false },
	};
	size_t i;

	for (EACH(table, i))
		check_number(table[i].name, table[i].ok,
			     tracefs_name_ok(table[i].name));
}

static void test_owners(void)
{
	char group[TRACEFS_NAME];
	uint32_t start = 0;
	int status;
	pid_t child = fork();

	if (!child)
		_exit(0);
	check_number("own start", 0, process_start(getpid(), &start));
	check_true("start", start != 0);
	tracefs_group_make(getpid(), start, group);
	check_true("own group is not dead", !tracefs_group_dead(group));
	tracefs_group_make(getpid(), start + 1, group);
	check_number("same pid, other start", true, tracefs_group_dead(group));
	waitpid(child, &status, 0);
	check_number("gone", -ENOENT, process_start(child, &start));
	tracefs_group_make(child, start, group);
	check_true("gone process's group", tracefs_group_dead(group));
	check_true("others' group is not", !tracefs_group_dead("kprobes"));
	check_true("no pid", tracefs_group_dead("probefs_ffffffff00000000"));
}

int main(void)
{
	test_event_names();
	test_event_refused();
	test_groups();
	test_lines();
	test_identifiers();
	test_owners();
	return check_end("tracefs_name");
}
