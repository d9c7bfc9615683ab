// SPDX-License-Identifier: BSD-2-Clause
/* bpf.c - the calls of bpf(2) and perf_event_open(2) on this kernel. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "attach/bpf.h"
#include "attach/features.h"
#include "attach/perf.h"
#include "attach/program.h"
#include "attach/tracefs.h"
#include "scope.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define BPFFS	     "/sys/fs/bpf"

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

static void good(const char *what, int fd)
{
	same(what, true, fd >= 0);
	if (fd >= 0)
		same("close-on-exec", FD_CLOEXEC, fcntl(fd, F_GETFD));
}

static void test_objects(int prog, int link)
{
	scoped_fd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	scoped_fd int map = bpf_map_ringbuf(sysconf(_SC_PAGESIZE));

	same("program", BPF_OBJECT_PROG, bpf_object_of(prog));
	same("link", BPF_OBJECT_LINK, bpf_object_of(link));
	if (map >= 0)
		same("map", BPF_OBJECT_MAP, bpf_object_of(map));
	same("/dev/null", BPF_OBJECT_NONE, bpf_object_of(null));
	same("-1", BPF_OBJECT_NONE, bpf_object_of(-1));
	same("INT_MIN", BPF_OBJECT_NONE, bpf_object_of(INT_MIN));
	same("name", 0, strcmp(bpf_object_name(BPF_OBJECT_LINK), "link"));
}

static void test_ids(int prog)
{
	struct program program = { 0 };
	uint32_t id = 0, seen = 0;
	scoped_fd int again = -1;

	same("info", 0, program_info(prog, &program));
	again = bpf_prog_by_id(program.id);
	good("by id", again);
	same("by id", BPF_OBJECT_PROG, bpf_object_of(again));
	while (!bpf_prog_next(&id))
		seen += id == program.id;
	same("seen by next", 1, seen);
	same("no such program", -ENOENT, bpf_prog_by_id(INT_MAX));
	same("no such link", -ENOENT, bpf_link_by_id(INT_MAX));
	same("no such map", -ENOENT, bpf_map_by_id(INT_MAX));
	id = INT_MAX - 1;
	same("next after the last", -ENOENT, bpf_link_next(&id));
	same("unchanged", INT_MAX - 1, id);
}

static void test_info_size(int prog)
{
	char info[1024] = { 0 };
	uint32_t size = sizeof(info);

	same("larger than the kernel's", 0, bpf_info(prog, info, &size));
	same("its size", true, size > 0 && size < sizeof(info));
	info[sizeof(info) - 1] = 1;
	size = sizeof(info);
	same("with a tail", -E2BIG, bpf_info(prog, info, &size));
	same("no descriptor", true, bpf_info(-1, info, &size) < 0);
}

static void test_pins(int prog, int link)
{
	char path[64];
	scoped_fd int got_prog = -1;
	scoped_fd int got_link = -1;
	struct statfs info;

	if (statfs(BPFFS, &info) || info.f_type != 0xcafe4a11) {
		printf("skip pins: no bpffs at " BPFFS "\n");
		return;
	}
	snprintf(path, sizeof(path), BPFFS "/probefs_unit_%d", getpid());
	same("pin", 0, bpf_pin(prog, path));
	same("pin again", -EEXIST, bpf_pin(prog, path));
	got_prog = bpf_get(path, true);
	good("get", got_prog);
	unlink(path);
	same("get of nothing", -ENOENT, bpf_get(path, false));
	same("pin a link", 0, bpf_pin(link, path));
	same("a link read-only", -EINVAL, bpf_get(path, true));
	got_link = bpf_get(path, false);
	good("get a link", got_link);
	same("a link", BPF_OBJECT_LINK, bpf_object_of(got_link));
	unlink(path);
}

static void test_links(int prog, int link)
{
	scoped_fd int other = bpf_prog_trivial(BPF_PROG_TYPE_PERF_EVENT, 0);

	same("link of no event", -EBADF, bpf_link_perf(prog, -1, 0));
	same("update", -EINVAL, bpf_link_update(link, other));
}

static void test_event(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_PERF_EVENT, 0);
	scoped_fd int event = perf_idle();
	struct program program = { 0 };
	uint32_t id = 0;

	good("idle event", event);
	same("set program", 0, perf_set_program(event, prog));
	same("twice", -EEXIST, perf_set_program(event, prog));
	program_info(prog, &program);
	/* A perf event of this kind cannot be asked: EOPNOTSUPP. */
	same("program id", -EOPNOTSUPP, perf_program_id(event, &id));
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

	for (size_t i = 0; i < COUNT(table); i++)
		same(table[i].path, -table[i].code,
		     perf_uprobe(table[i].path, table[i].offset,
				 table[i].ref_ctr, table[i].pid, false));
	same("no event id", true, perf_tracepoint(UINT32_MAX, 0) < 0);
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
	same("ioctl", 0, perf_set_program(event, prog));
	same("program id", 0, perf_program_id(event, &id));
	same("program id", program.id, id);
	fd_close(take_fd(&event));
	event = perf_uprobe("/proc/self/exe", 0x10, 0, 0, true);
	good("uretprobe", event);
	if (!feature_has(FEATURE_PERF_LINK))
		return;
	link = bpf_link_perf(prog, event, 5);
	good("link", link);
	same("second link", -EEXIST, bpf_link_perf(prog, event, 5));
}

static void test_multi(void)
{
	scoped_fd int prog =
		bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, BPF_TRACE_UPROBE_MULTI);
	static const uint64_t offsets[] = { 0x10, 0x20, 0x10 };
	scoped_fd int link = -1;

	if (!feature_has(FEATURE_UPROBE_MULTI))
		return;
	link = bpf_link_uprobe_multi(prog, false, "/proc/self/exe", 3, offsets,
				     NULL, NULL, 0);
	good("uprobe_multi", link);
	same("no site", -EINVAL,
	     bpf_link_uprobe_multi(prog, false, "/proc/self/exe", 0, offsets,
				   NULL, NULL, 0));
	same("no process", -ESRCH,
	     bpf_link_uprobe_multi(prog, false, "/proc/self/exe", 1, offsets,
				   NULL, NULL, INT_MAX));
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
		same("columns", 3,
		     sscanf(line, "%63s %7s since %15s", name, has, since));
		same(name, !strcmp(has, "yes") ? 2 : 3, tabs);
	}
	same("rows", FEATURE_COUNT, lines);
}

int main(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_PERF_EVENT, 0);
	scoped_fd int event = perf_idle();
	scoped_fd int link = -1;
	struct err e;

	if (prog < 0 || event < 0) {
		printf("skip bpf: not allowed here\n");
		return 0;
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
		test_links(prog, link);
	}
	if (!failed)
		printf("ok bpf: %d cases\n", cases);
	return failed;
}
