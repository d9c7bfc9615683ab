// SPDX-License-Identifier: BSD-2-Clause
/* tracefs.c - events of our own on this kernel. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach/kernel/features.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"
#include "tests/unit/check.h"

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

	check_number("make", 0,
		     tracefs_make(TRACEFS_UPROBES, true, 7, "9 l.x",
				  "/proc/self/exe:0x10", &number, &id, &e));
	check_true("number", number != 0);
	check_true("id", id != 0);
	check_true("in the list", listed("uprobe_events", number));
	fd = perf_tracepoint(id, 0);
	check_true("perf event", fd >= 0);
	check_number("remove in use", -EBUSY, tracefs_remove(number));
	fd_close(fd);
	check_number("collect", 0, tracefs_collect());
	check_true("own events stay", listed("uprobe_events", number));
	check_number("remove", 0, tracefs_remove(number));
	check_true("gone", !listed("uprobe_events", number));
	check_number("remove again", 0, tracefs_remove(number));
	check_number("remove of none", 0, tracefs_remove(0x1234));
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

	check_true("orphan", number != 0);
	check_true("orphan is there", listed("uprobe_events", number));
	check_true("collected", tracefs_collect() >= 1);
	check_true("orphan is gone", !listed("uprobe_events", number));
	number = orphan();
	check_number("removed by another", 0, tracefs_remove(number));
	check_true("orphan is gone", !listed("uprobe_events", number));
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
	size_t i;

	for (EACH(table, i)) {
		e.text[0] = '\0';
		check_number(table[i].where, -table[i].code,
			     tracefs_make(TRACEFS_UPROBES, false, 0, "x",
					  table[i].where, &number, &id, &e));
		check_holds(table[i].where, table[i].text, e.text);
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
	check_number("too long", -E2BIG,
		     tracefs_make(TRACEFS_UPROBES, false, 0, "x", where,
				  &number, &id, &e));
}

/* A function that only the kernel's own tests call; 5.7. */
#define HARMLESS "bpf_fentry_test1"

static void test_kprobe(void)
{
	uint64_t number = 0;
	uint32_t id = 0;
	struct err e;

	check_number("kretprobe", 0,
		     tracefs_make(TRACEFS_KPROBES, true, 8, HARMLESS, HARMLESS,
				  &number, &id, &e));
	check_true("in the list", listed("kprobe_events", number));
	check_number("remove", 0, tracefs_remove(number));
	check_true("gone", !listed("kprobe_events", number));
	check_number("maxactive", -ERANGE,
		     tracefs_make(TRACEFS_KPROBES, true, 5000, HARMLESS,
				  HARMLESS, &number, &id, &e));
	check_true("no symbol",
		   tracefs_make(TRACEFS_KPROBES, false, 0, "x",
				"no_such_symbol", &number, &id, &e) < 0);
	check_holds("no symbol", "address or symbol", e.text);
}

static void test_tracepoints(void)
{
	scoped_free char *text = NULL;
	size_t size = 0;
	uint32_t id = 0;
	struct err e;
	FILE *out;

	check_number("id", 0,
		     tracefs_event_id("sched", "sched_switch", &id, &e));
	check_true("id", id != 0);
	check_number("unknown", -ENOENT,
		     tracefs_event_id("sched", "x", &id, &e));
	check_holds("unknown", "'sched:x'", e.text);
	check_number("bad", -EINVAL, tracefs_event_id("..", "x", &id, &e));
	check_number("bad", -EINVAL, tracefs_event_id("sched", "a/b", &id, &e));
	out = open_memstream(&text, &size);
	check_number("list", 0, tracefs_list_events(out, &e));
	fclose(out);
	check_holds("list", "\nsched:sched_switch\n", text);
}

static void test_setup(void)
{
	struct err e = { 0 };

	check_true("before setup", !tracefs_root(&e));
	check_number("before setup", ENODEV, e.code);
	check_number("not a tracefs", -ENODEV,
		     tracefs_setup("/proc", false, &e));
	check_holds("not a tracefs", "'/proc'", e.text);
	e.text[0] = '\0';
	check_true("kept", !tracefs_root(&e));
	check_holds("kept", "'/proc'", e.text);
	check_number("kept", -ENODEV,
		     tracefs_event_id("sched", "sched_switch", &(uint32_t){ 0 },
				      &e));
}

static void test_events(void)
{
	test_orphans();
	test_event();
	test_refused();
	test_too_long();
	test_tracepoints();
	if (feature_has(FEATURE_KPROBE_TRACEFS))
		test_kprobe();
}

int main(void)
{
	struct err e;

	test_setup();
	if (geteuid())
		check_skip("tracefs", "not root");
	else if (tracefs_setup(NULL, true, &e))
		check_skip("tracefs", e.text);
	else if (!feature_has(FEATURE_UPROBE_TRACEFS))
		check_skip("tracefs", "no uprobe_events");
	else
		test_events();
	return check_end("tracefs");
}
