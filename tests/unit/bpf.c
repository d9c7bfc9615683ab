// SPDX-License-Identifier: BSD-2-Clause
/* bpf.c - the calls of bpf(2) and perf_event_open(2) on this kernel. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/program.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"
#include "tests/unit/check.h"

#define BPFFS "/sys/fs/bpf"

static void good(const char *what, int fd)
{
	check_true(what, fd >= 0);
	if (fd >= 0)
		check_number("close-on-exec", FD_CLOEXEC, fcntl(fd, F_GETFD));
}

static void test_objects(int prog, int link)
{
	scoped_fd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	scoped_fd int map = bpf_map_ringbuf(sysconf(_SC_PAGESIZE));

	check_number("program", BPF_OBJECT_PROG, bpf_object_of(prog));
	check_number("link", BPF_OBJECT_LINK, bpf_object_of(link));
	if (map >= 0)
		check_number("map", BPF_OBJECT_MAP, bpf_object_of(map));
	check_number("/dev/null", BPF_OBJECT_NONE, bpf_object_of(null));
	check_number("-1", BPF_OBJECT_NONE, bpf_object_of(-1));
	check_number("INT_MIN", BPF_OBJECT_NONE, bpf_object_of(INT_MIN));
	check_text("name", "link", bpf_object_name(BPF_OBJECT_LINK));
}

static void test_ids(int prog)
{
	struct program program = { 0 };
	uint32_t id = 0, seen = 0;
	scoped_fd int again = -1;

	check_number("info", 0, program_info(prog, &program));
	again = bpf_prog_by_id(program.id);
	good("by id", again);
	check_number("by id", BPF_OBJECT_PROG, bpf_object_of(again));
	while (!bpf_prog_next(&id))
		seen += id == program.id;
	check_number("seen by next", 1, seen);
	check_number("no such program", -ENOENT, bpf_prog_by_id(INT_MAX));
	check_number("no such link", -ENOENT, bpf_link_by_id(INT_MAX));
	check_number("no such map", -ENOENT, bpf_map_by_id(INT_MAX));
	id = INT_MAX - 1;
	check_number("next after the last", -ENOENT, bpf_link_next(&id));
	check_number("unchanged", INT_MAX - 1, id);
}

static void test_info_size(int prog)
{
	char info[1024] = { 0 };
	uint32_t size = sizeof(info);

	check_number("larger than the kernel's", 0,
		     bpf_info(prog, info, &size));
	check_true("its size", size > 0 && size < sizeof(info));
	info[sizeof(info) - 1] = 1;
	size = sizeof(info);
	check_number("with a tail", -E2BIG, bpf_info(prog, info, &size));
	check_true("no descriptor", bpf_info(-1, info, &size) < 0);
}

static void test_pins(int prog, int link)
{
	char path[64];
	scoped_fd int got_prog = -1;
	scoped_fd int got_link = -1;
	struct statfs info;

	if (statfs(BPFFS, &info) || info.f_type != 0xcafe4a11) {
		check_skip("pins", "no bpffs at " BPFFS);
		return;
	}
	snprintf(path, sizeof(path), BPFFS "/probefs_unit_%d", getpid());
	check_number("pin", 0, bpf_pin(prog, path));
	check_number("pin again", -EEXIST, bpf_pin(prog, path));
	got_prog = bpf_get(path, true);
	good("get", got_prog);
	unlink(path);
	check_number("get of nothing", -ENOENT, bpf_get(path, false));
	check_number("pin a link", 0, bpf_pin(link, path));
	check_number("a link read-only", -EINVAL, bpf_get(path, true));
	got_link = bpf_get(path, false);
	good("get a link", got_link);
	check_number("a link", BPF_OBJECT_LINK, bpf_object_of(got_link));
	unlink(path);
}

static void test_event(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_PERF_EVENT, 0);
	scoped_fd int event = perf_idle();
	struct program program = { 0 };
	uint32_t id = 0;

	good("idle event", event);
	check_number("set program", 0, perf_set_program(event, prog));
	check_number("twice", -EEXIST, perf_set_program(event, prog));
	program_info(prog, &program);
	/* A perf event of this kind cannot be asked: EOPNOTSUPP. */
	check_number("program id", -EOPNOTSUPP, perf_program_id(event, &id));
}

static void test_uprobe_errors(void)
{
	static const struct {
		const char *path;
		uint64_t offset, ref_ctr;
		pid_t pid;
		int code;
	} table[] = {
		{ "/nonexistent", 0x10, 0, 0, ENOENT },
		{ "/", 0x10, 0, 0, EINVAL },
		{ "", 0x10, 0, 0, EINVAL },
		{ "/proc/self/exe", 1ULL << 40, 0, 0, EINVAL },
		{ "/proc/self/exe", 0x10, 1ULL << 32, 0, ERANGE },
		{ "/proc/self/exe", 0x10, 0, INT_MAX, ESRCH },
	};
	scoped_fd int fd = -1;
	size_t i;

	for (EACH(table, i))
		check_number(table[i].path, -table[i].code,
			     perf_uprobe(table[i].path, table[i].offset,
					 table[i].ref_ctr, table[i].pid,
					 false));
	check_true("no event id", perf_tracepoint(UINT32_MAX, 0) < 0);
	fd = perf_uprobe("/proc/self/exe", 0x10, 0, getpid(), true);
	good("of one process", fd);
}

static void test_uprobe(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, 0);
	scoped_fd int event = perf_uprobe("/proc/self/exe", 0x10, 0, 0, false);
	scoped_fd int link = -1;
	struct program program = { 0 };
	uint32_t id = 0;

	good("uprobe", event);
	program_info(prog, &program);
	check_number("ioctl", 0, perf_set_program(event, prog));
	check_number("program id", 0, perf_program_id(event, &id));
	check_number("program id", program.id, id);
	fd_close(take_fd(&event));
	event = perf_uprobe("/proc/self/exe", 0x10, 0, 0, true);
	good("uretprobe", event);
	if (!feature_has(FEATURE_PERF_LINK))
		return;
	link = bpf_link_perf(prog, event, 5);
	good("link", link);
	check_number("second link", -EEXIST, bpf_link_perf(prog, event, 5));
}

static void test_multi(void)
{
	scoped_fd int prog =
		bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, BPF_TRACE_UPROBE_MULTI);
	static const uint64_t offsets[] = { 0x10, 0x20, 0x10 };
	scoped_fd int link = -1;

	if (!feature_has(FEATURE_UPROBE_MULTI))
		return;
	link = bpf_link_uprobe_multi(prog, BPF_TRACE_UPROBE_MULTI, false,
				     "/proc/self/exe", 3, offsets, NULL, NULL,
				     0);
	good("uprobe_multi", link);
	check_number("no site", -EINVAL,
		     bpf_link_uprobe_multi(prog, BPF_TRACE_UPROBE_MULTI, false,
					   "/proc/self/exe", 0, offsets, NULL,
					   NULL, 0));
	check_number("no process", -ESRCH,
		     bpf_link_uprobe_multi(prog, BPF_TRACE_UPROBE_MULTI, false,
					   "/proc/self/exe", 1, offsets, NULL,
					   NULL, INT_MAX));
}

/* Every row is a line of three columns, or four when the answer is no. */
static void test_features(void)
{
	scoped_free char *text = NULL;
	size_t size = 0, lines = 0;
	FILE *out = open_memstream(&text, &size);
	char name[64], has[8], since[16];
	const char *line;
	int tabs, i;

	features_show(out);
	fclose(out);
	for (line = text; *line; line = strchr(line, '\n') + 1, lines++) {
		tabs = 0;
		for (i = 0; line[i] != '\n'; i++)
			tabs += line[i] == '\t';
		check_number(
			"columns", 3,
			sscanf(line, "%63s %7s since %15s", name, has, since));
		check_number(name, !strcmp(has, "yes") ? 2 : 3, tabs);
	}
	check_number("rows", FEATURE_COUNT, lines);
}

int main(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_PERF_EVENT, 0);
	scoped_fd int event = perf_idle();
	scoped_fd int link = -1;
	struct err e;

	if (prog < 0 || event < 0) {
		check_skip("bpf", "not allowed here");
		return EXIT_SUCCESS;
	}
	tracefs_setup(NULL, true, &e);
	test_ids(prog);
	test_info_size(prog);
	test_event();
	test_uprobe_errors();
	test_uprobe();
	test_multi();
	test_features();
	if (feature_has(FEATURE_PERF_LINK)) {
		link = bpf_link_perf(prog, event, 0);
		good("link", link);
		test_objects(prog, link);
		test_pins(prog, link);
		check_number("link of no event", -EBADF,
			     bpf_link_perf(prog, -1, 0));
	}
	return check_end("bpf");
}
