// SPDX-License-Identifier: BSD-2-Clause
/* code.c - names of raw tracepoints, functions, hooks, and labels. */
#include "tests/unit/names.h"

extern const struct kind kind_raw_tracepoint, kind_fentry, kind_fmod_ret,
	kind_lsm, kind_freplace, kind_struct_ops, kind_lsm_cgroup;

/* clang-format off */
static const struct name raws[] = {
	{"sched_switch", "sched_switch"},
	{"sched_switch@mine", "sched_switch"},
	{"9p_client_req", "9p_client_req"},
	{"sched_*?", "sched_*?"},
	{"^", NULL},
	{"^@mine", NULL},
	{"sched^:sched_switch", NULL},
	{"sched^.switch", NULL},
	{"^..", NULL},
	{"sched_switch@^", NULL},
	{"sched_switch@a^/b", NULL},
};

static const struct name functions[] = {
	{"do_unlinkat", "do_unlinkat|"},
	{"do_unlinkat@mine", "do_unlinkat|"},
	{"overlay:ovl_open.cold", "overlay:ovl_open.cold|"},
	{"virtio-net:f", "virtio-net:f|"},
	{"@mine", "|"},
	{"id:5:hook", "hook|id:5"},
	{"id:5:hook@mine", "hook|id:5"},
	{"^", NULL},
	{"@^", NULL},
	{"@a^/b", NULL},
	{"id:^x:hook", NULL},
	{"id:5^", NULL},
	{"id:5:^", NULL},
	{"id:5:a^:b", NULL},
	{"a:b^:c", NULL},
	{"a:^", NULL},
	{"^:b", NULL},
	{"do_*", "do_*|"},
	{"overlay:ovl_?pen*@mine", "overlay:ovl_?pen*|"},
	{"over^*:ovl_open", NULL},
	{"id:5:a^*", NULL},
	{"a^ b", NULL},
	{"f@^", NULL},
};

static const struct name single_functions[] = {
	{"do_unlinkat@mine", "do_unlinkat|"},
	{"do_^*", NULL},
	{"overlay:ovl_^?@mine", NULL},
};

static const struct name hooks[] = {
	{"file_open", "file_open"},
	{"file_open@mine", "file_open"},
	{"^", NULL},
	{"file^:open", NULL},
	{"file^*", NULL},
	{"file_open@^", NULL},
};

static const struct name labels[] = {
	{"mine", "|"},
	{"a.b-c_1", "|"},
	{"^", NULL},
	{"a^:b", NULL},
	{"a^@b", NULL},
};

static const struct name bare_labels[] = {
	{"mine", ""},
	{"a.b-c_1", ""},
	{"^", NULL},
	{"a^:b", NULL},
	{"a^@b", NULL},
};
/* clang-format on */

int main(void)
{
	size_t i;

	for (EACH(raws, i))
		check_name(&kind_raw_tracepoint, 1, &raws[i]);
	for (EACH(functions, i))
		check_name(&kind_fentry, 2, &functions[i]);
	for (EACH(single_functions, i))
		check_name(&kind_fmod_ret, 2, &single_functions[i]);
	for (EACH(hooks, i))
		check_name(&kind_lsm, 1, &hooks[i]);
	for (EACH(hooks, i))
		check_name(&kind_lsm_cgroup, 1, &hooks[i]);
	for (EACH(labels, i))
		check_name(&kind_freplace, 2, &labels[i]);
	for (EACH(bare_labels, i))
		check_name(&kind_struct_ops, 0, &bare_labels[i]);
	return check_end("code");
}
