// SPDX-License-Identifier: BSD-2-Clause
/* builtin.c - the built-in programs: loaded, run, read, and known again. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/program/builtin.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/tracefs.h"
#include "scope.h"
#include "tests/unit/check.h"

static char *shown(int fd)
{
	char *text = NULL;
	size_t size;
	struct err e = { 0 };
	FILE *out = open_memstream(&text, &size);

	if (builtin_find("count")->show(fd, out, &e))
		fprintf(out, "%s: %s", errno_name(e.code), e.text);
	fclose(out);
	return text;
}

static unsigned long long total(int fd)
{
	scoped_free char *text = shown(fd);
	unsigned long long count = 0;

	check_true("a total comes first",
		   sscanf(text, "total:\t%20llu\n", &count) == 1);
	return count;
}

struct load {
	const char *what;
	enum bpf_prog_type type;
	uint32_t expected;
};

/* clang-format off */
static const struct load loads[] = {
	{"kprobe", BPF_PROG_TYPE_KPROBE, 0},
	{"tracepoint", BPF_PROG_TYPE_TRACEPOINT, 0},
	{"raw_tracepoint", BPF_PROG_TYPE_RAW_TRACEPOINT, 0},
	{"perf_event", BPF_PROG_TYPE_PERF_EVENT, 0},
};
/* clang-format on */

static int load_count(enum bpf_prog_type type, uint32_t expected, struct err *e)
{
	struct load_as as = { .type = type, .attach_type = expected };

	return builtin_load(builtin_find("count"), &as, e);
}

static void check_load(const struct load *load)
{
	const struct builtin *count = builtin_find("count");
	struct err e = { 0 };
	scoped_fd int fd = load_count(load->type, load->expected, &e);
	scoped_free char *text = NULL;

	check_text(load->what, "", e.text);
	if (fd < 0)
		return;
	text = shown(fd);
	check_text(load->what, "total:\t                   0\n", text);
	check_true("known again", builtin_of(fd) == count);
	check_true("close-on-exec", fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

/* Two loads on one tracepoint count each for itself. */
static void check_count(void)
{
	scoped_fd int one = load_count(BPF_PROG_TYPE_TRACEPOINT, 0, NULL);
	scoped_fd int two = load_count(BPF_PROG_TYPE_TRACEPOINT, 0, NULL);
	unsigned long long before;
	uint32_t id;
	int i;

	if (tracefs_event_id("syscalls", "sys_enter_getpriority", &id, NULL))
		return;
	scoped_fd int event = perf_tracepoint(id, 0);

	if (event < 0 || perf_set_program(event, one))
		return;
	before = total(one);
	for (i = 0; i < 100; i++)
		nice(0);
	check_true("100 hits", total(one) - before >= 100);
	check_number("none of the other's", 0, total(two));
}

static void check_others(void)
{
	scoped_fd int trivial = bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, 0);
	scoped_fd int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct err e = { 0 };

	check_true("not another program", !builtin_of(trivial));
	check_true("not a file", !builtin_of(null));
	check_true("not a closed descriptor", !builtin_of(-1));
	check_true("no such name", !builtin_find("conut"));
	check_true("refused", load_count(BPF_PROG_TYPE_STRUCT_OPS, 0, &e) < 0);
	check_holds("with a sentence",
		    "the kernel refused to load 'count': ", e.text);
}

int main(void)
{
	size_t i;
	int trial = bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, 0);

	if (trial < 0) {
		check_skip("builtin", strerror(-trial));
		return EXIT_SUCCESS;
	}
	close(trial);
	for (EACH(loads, i))
		check_load(&loads[i]);
	check_others();
	if (!tracefs_setup(NULL, false, NULL))
		check_count();
	return check_end("builtin");
}
