// SPDX-License-Identifier: BSD-2-Clause
/* cgroup.c - names of probes of cgroups. */
#include "tests/unit/names.h"

extern const struct kind kind_cgroup;

/* clang-format off */
static const struct name names[] = {
	{"system.slice:egress", "system.slice|egress"},
	{"%2F:device@mine", "/|device"},
	{"a%2Fb:connect_unix", "a/b|connect_unix"},
	{"%2Fsys%2Ffs%2Fcgroup%2Fa:ingress", "/sys/fs/cgroup/a|ingress"},
	{"user@1000.service:bind4", "user@1000.service|bind4"},
	{"user@1000.service:bind4@2", "user@1000.service|bind4"},
	{"a:b:c:sysctl@x_.-", "a:b:c|sysctl"},
	{"a%3Ab%25:sock_ops", "a:b%|sock_ops"},
	{"mine", "|"},
	{"a^@b", NULL},
	{"^:egress", NULL},
	{"a:^", NULL},
	{"a:^@x", NULL},
	{"a:^sock", NULL},
	{"a:^egres", NULL},
	{"a:^egress2", NULL},
	{"a:egress@^", NULL},
	{"a:egress@x^@", NULL},
	{"a^%2:egress", NULL},
	{"a^%00:egress", NULL},
};
/* clang-format on */

int main(void)
{
	size_t i;

	for (EACH(names, i))
		check_name(&kind_cgroup, 2, &names[i]);
	return check_end("cgroup");
}
