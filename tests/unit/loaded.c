// SPDX-License-Identifier: BSD-2-Clause
/* loaded.c - what a program was loaded for is found without attaching it. */
#include <fcntl.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/features.h"
#include "attach/loaded.h"
#include "scope.h"
#include "tests/unit/check.h"

/*
 * feature: by which a kernel has such links; without it there may still be
 * another answer than "kprobe", where the kernel tells the type but lacks the
 * link.
 */
static const struct row {
	const char *section;
	uint32_t type;
	enum feature feature;
} table[] = {
	{ "kprobe", 0, FEATURE_COUNT },
	{ "kprobe.multi", BPF_TRACE_KPROBE_MULTI, FEATURE_KPROBE_MULTI },
	{ "uprobe.multi", BPF_TRACE_UPROBE_MULTI, FEATURE_UPROBE_MULTI },
	{ "kprobe.session", BPF_TRACE_KPROBE_SESSION, FEATURE_KPROBE_SESSION },
	{ "uprobe.session", BPF_TRACE_UPROBE_SESSION, FEATURE_UPROBE_SESSION },
};

static void test_each_type(void)
{
	const struct loaded *loaded;
	struct err e = { 0 };
	size_t i;

	for (EACH(table, i)) {
		const struct row *row = &table[i];
		scoped_fd int prog =
			bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, row->type);

		check_number(row->section, 0,
			     program_loaded_for(prog, &loaded, &e));
		check_true(row->section,
			   loaded == loaded_find(row->type) || !loaded->type);
		if (row->feature == FEATURE_COUNT || feature_has(row->feature))
			check_text("section", row->section, loaded->section);
	}
}

/* No link is left of the trials. */
static void test_no_link(void)
{
	scoped_fd int prog =
		bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, BPF_TRACE_UPROBE_MULTI);
	const struct loaded *loaded;
	int before = open("/dev/null", O_CLOEXEC), after;

	close(before);
	check_number("asked", 0, program_loaded_for(prog, &loaded, NULL));
	after = open("/dev/null", O_CLOEXEC);
	close(after);
	check_number("the next descriptor", before, after);
}

static void test_nothing(void)
{
	const struct loaded *loaded;
	struct err e;
	int err = program_loaded_for(-1, &loaded, &e);

	/* Where links do not tell there is nothing to be asked. */
	check_true("no descriptor",
		   (err < 0) == feature_has(FEATURE_PERF_LINK));
	check_true("no such type", !loaded_find(12345));
}

int main(void)
{
	test_each_type();
	test_no_link();
	test_nothing();
	return check_end("loaded");
}
