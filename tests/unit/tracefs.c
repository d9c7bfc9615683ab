// SPDX-License-Identifier: BSD-2-Clause
/* tracefs.c - names of events; events of our own on this kernel. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/perf.h"
#include "attach/tracefs.h"
#include "attach/tracefs_name.h"
#include "scope.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int failed, cases;

static void same(const char *what, const char *expected, const char *got)
{
	cases++;
	if (!strcmp(expected, got))
		return;
	failed = 1;
	printf("%s: expected '%s', got '%s'\n", what, expected, got);
}

static void same_int(const char *what, int64_t expected, int64_t got)
{
	cases++;
	if (expected == got)
		return;
	failed = 1;
	printf("%s: expected %" PRId64 ", got %" PRId64 "\n", what, expected,
	       got);
}

static void holds(const char *what, const char *part, const char *got)
{
	cases++;
	if (strstr(got, part))
		return;
	failed = 1;
	printf("%s: expected '%s' in '%s'\n", what, part, got);
}

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

	for (size_t i = 0; i < COUNT(table); i++) {
		tracefs_event_make(table[i].label, 0xff, event);
		same(table[i].label, table[i].event, event);
		number = 0;
		same_int(event, true, tracefs_event_parse(event, &number));
		same_int(event, 0xff, number);
	}
	tracefs_event_make("x", UINT64_MAX, event);
	tracefs_event_parse(event, &number);
	same_int(event, -1, number);
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

	for (size_t i = 0; i < COUNT(table); i++)
		same_int(table[i], false,
			 tracefs_event_parse(table[i], &number));
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

	for (size_t i = 0; i < COUNT(table); i++) {
		same_int(table[i].group, table[i].ours,
			 tracefs_group_parse(table[i].group, &pid, &start));
		if (!table[i].ours)
			continue;
		same_int(table[i].group, table[i].pid, pid);
		same_int(table[i].group, table[i].start, start);
		tracefs_group_make(pid, start, group);
		same("group", table[i].group, group);
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

	for (size_t i = 0; i < COUNT(table); i++) {
		same_int(table[i].line, table[i].group != NULL,
			 tracefs_line_parse(table[i].line, group, event));
		if (!table[i].group)
			continue;
		same(table[i].line, table[i].group, group);
		same(table[i].line, table[i].event, event);
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

	for (size_t i = 0; i < COUNT(table); i++)
		same_int(table[i].name, table[i].ok,
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
	same_int("own start", 0, process_start(getpid(), &start));
	same_int("start", true, start != 0);
	tracefs_group_make(getpid(), start, group);
	same_int("own group is dead", false, tracefs_group_dead(group));
	tracefs_group_make(getpid(), start + 1, group);
	same_int("same pid, other start", true, tracefs_group_dead(group));
	waitpid(child, &status, 0);
	same_int("gone", -ENOENT, process_start(child, &start));
	tracefs_group_make(child, start, group);
	same_int("gone process's group", true, tracefs_group_dead(group));
	same_int("others' group", false, tracefs_group_dead("kprobes"));
	same_int("no pid", true,
		 tracefs_group_dead("probefs_ffffffff00000000"));
}

static bool listed(const char *file, uint64_t number)
{
	char path[PATH_MAX], line[4096], wanted[32];
	bool found = false;
	FILE *list;

	snprintf(wanted, sizeof(wanted), "_%016" PRIx64 " ", number);
	tracefs_path(path, sizeof(path), NULL, "%s", file);
	list = fopen(path, "re");
	while (list && fgets(line, sizeof(line), list))
		found |= strstr(line, wanted) != NULL;
	if (list)
		fclose(list);
	return found;
}

static void test_event(void)
{
	uint64_t number = 0;
	uint32_t id = 0;
	struct err e;
	int fd;

	same_int("make", 0,
		 tracefs_make(TRACEFS_UPROBES, true, 7, "9 l.x",
			      "/proc/self/exe:0x10", &number, &id, &e));
	same_int("number", true, number != 0);
	same_int("id", true, id != 0);
	same_int("in the list", true, listed("uprobe_events", number));
	fd = perf_tracepoint(id, 0);
	same_int("perf event", true, fd >= 0);
	same_int("remove in use", -EBUSY, tracefs_remove(number));
	fd_close(fd);
	same_int("collect", 0, tracefs_collect());
	same_int("own events stay", true, listed("uprobe_events", number));
	same_int("remove", 0, tracefs_remove(number));
	same_int("gone", false, listed("uprobe_events", number));
	same_int("remove again", 0, tracefs_remove(number));
	same_int("remove of none", 0, tracefs_remove(0x1234));
}

/* A process makes an event and dies; number is written to the pipe. */
static void make_and_die(int fd)
{
	uint64_t number = 0;
	uint32_t id;

	/* Its own group, for a forked child has its parent's otherwise. */
	if (tracefs_make(TRACEFS_UPROBES, false, 0, "orphan",
			 "/proc/self/exe:0x20", &number, &id, NULL))
		number = 0;
	_exit(write(fd, &number, sizeof(number)) != sizeof(number));
}

static uint64_t orphan(void)
{
	uint64_t number = 0;
	int ends[2], status;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return 0;
	child = fork();
	if (!child)
		make_and_die(ends[1]);
	if (read(ends[0], &number, sizeof(number)) != sizeof(number))
		number = 0;
	waitpid(child, &status, 0);
	close(ends[0]);
	close(ends[1]);
	return number;
}

/* Before this process makes an event of its own and thereby a group. */
static void test_orphans(void)
{
	uint64_t number = orphan();

	same_int("orphan", true, number != 0);
	same_int("orphan is there", true, listed("uprobe_events", number));
	same_int("collected", true, tracefs_collect() >= 1);
	same_int("orphan is gone", false, listed("uprobe_events", number));
	number = orphan();
	same_int("removed by another", 0, tracefs_remove(number));
	same_int("orphan is gone", false, listed("uprobe_events", number));
}

static void test_refused(void)
{
	static const struct {
		const char *where;
		int code;
		const char *text;
	} table[] = {
		{ "/nonexistent:0x10", ENOENT, "find the given file" },
		{ "/:0x10", EINVAL, "egular file" },
		{ "", EINVAL, "needs a place" },
		{ "/a b:0x10", EINVAL, "no blanks" },
		{ "/a#b:0x10", EINVAL, "no '#'" },
		{ "/a\np:x/y /bin/sh:0", EINVAL, "no blanks" },
	};
	uint64_t number;
	uint32_t id;
	struct err e;

	for (size_t i = 0; i < COUNT(table); i++) {
		e.text[0] = '\0';
		same_int(table[i].where, -table[i].code,
			 tracefs_make(TRACEFS_UPROBES, false, 0, "x",
				      table[i].where, &number, &id, &e));
		holds(table[i].where, table[i].text, e.text);
	}
}

static void test_too_long(void)
{
	char where[5000];
	uint64_t number;
	uint32_t id;
	struct err e;

	memset(where, 'a', sizeof(where));
	where[sizeof(where) - 1] = '\0';
	same_int("too long", -E2BIG,
		 tracefs_make(TRACEFS_UPROBES, false, 0, "x", where, &number,
			      &id, &e));
}

/* A function that only the kernel's own tests call; 5.7. */
#define HARMLESS "bpf_fentry_test1"

static void test_kprobe(void)
{
	uint64_t number = 0;
	uint32_t id = 0;
	struct err e;

	same_int("kretprobe", 0,
		 tracefs_make(TRACEFS_KPROBES, true, 8, HARMLESS, HARMLESS,
			      &number, &id, &e));
	same_int("in the list", true, listed("kprobe_events", number));
	same_int("remove", 0, tracefs_remove(number));
	same_int("gone", false, listed("kprobe_events", number));
	same_int("maxactive", -ERANGE,
		 tracefs_make(TRACEFS_KPROBES, true, 5000, HARMLESS, HARMLESS,
			      &number, &id, &e));
	same_int("no symbol", true,
		 tracefs_make(TRACEFS_KPROBES, false, 0, "x", "no_such_symbol",
			      &number, &id, &e) < 0);
	holds("no symbol", "address or symbol", e.text);
}

static void test_tracepoints(void)
{
	scoped_free char *text = NULL;
	size_t size = 0;
	uint32_t id = 0;
	struct err e;
	FILE *out;

	same_int("id", 0, tracefs_event_id("sched", "sched_switch", &id, &e));
	same_int("id", true, id != 0);
	same_int("unknown", -ENOENT, tracefs_event_id("sched", "x", &id, &e));
	holds("unknown", "'sched:x'", e.text);
	same_int("bad", -EINVAL, tracefs_event_id("..", "x", &id, &e));
	same_int("bad", -EINVAL, tracefs_event_id("sched", "a/b", &id, &e));
	out = open_memstream(&text, &size);
	same_int("list", 0, tracefs_list_events(out, &e));
	fclose(out);
	holds("list", "\nsched:sched_switch\n", text);
}

static void test_setup(void)
{
	struct err e = { 0 };

	same_int("before setup", true, !tracefs_root(&e));
	same_int("before setup", ENODEV, e.code);
	same_int("not a tracefs", -ENODEV, tracefs_setup("/proc", false, &e));
	holds("not a tracefs", "'/proc'", e.text);
	e.text[0] = '\0';
	same_int("kept", true, !tracefs_root(&e));
	holds("kept", "'/proc'", e.text);
	same_int("kept", -ENODEV,
		 tracefs_event_id("sched", "sched_switch", &(uint32_t){ 0 },
				  &e));
	same_int("kept", false, tracefs_has("uprobe_events"));
}

int main(void)
{
	struct err e;

	test_event_names();
	test_event_refused();
	test_groups();
	test_lines();
	test_identifiers();
	test_owners();
	test_setup();
	if (geteuid() || tracefs_setup(NULL, true, &e)) {
		printf("skip tracefs: %s\n", geteuid() ? "not root" : e.text);
	} else if (!tracefs_has("uprobe_events")) {
		printf("skip tracefs: no uprobe_events\n");
	} else {
		test_orphans();
		test_event();
		test_refused();
		test_too_long();
		test_tracepoints();
		if (tracefs_has("kprobe_events"))
			test_kprobe();
	}
	if (!failed)
		printf("ok tracefs: %d cases\n", cases);
	return failed;
}
