// SPDX-License-Identifier: BSD-2-Clause
/* iter.c - names of iterators' probes. */
#include "tests/unit/names.h"

extern const struct kind kind_iter;

/* clang-format off */
static const struct name names[] = {
	{"task", "task"},
	{"bpf_map_elem", "bpf_map_elem"},
	{"task@mine", "task"},
	{"task@my-own.2", "task"},
	{"@mine", ""},
	{"@my-own", ""},
	{"my-own", ""},
	{"my.own", ""},
	{"^", NULL},
	{"@^", NULL},
	{"task@^", NULL},
	{"task^:x", NULL},
	{"my-own^:x", NULL},
	{"task@a^/b", NULL},
	{"ta^-sk@a", NULL},
	{"@a^/b", NULL},
};
/* clang-format on */

int main(void)
{
	size_t i;

	for (EACH(names, i))
		check_name(&kind_iter, 1, &names[i]);
	return check_end("iter");
}
