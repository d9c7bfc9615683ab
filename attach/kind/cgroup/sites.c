// SPDX-License-Identifier: BSD-2-Clause
/* sites.c - what is on a hook of a cgroup, as text. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <vis.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/link_names.h"
#include "attach/kernel/program.h"
#include "attach/kind/cgroup/place.h"
#include "scope.h"

/* BPF_CGROUP_MAX_PROGS of include/linux/bpf-cgroup-defs.h, in 16 cgroups. */
enum { PROGRAMS = 64 * 16 };

struct programs {
	uint64_t revision; /* of the hook; 6.17 */
	uint32_t count;
	uint32_t ids[PROGRAMS]; /* in the order in which they run */
};

/* False where the kernel does not tell: of effective ones, for some hooks. */
static bool query(int cgroup, uint32_t type, uint32_t flags,
		  struct programs *programs)
{
	programs->count = PROGRAMS;
	programs->revision = 0;
	return !bpf_hook_query((uint32_t)cgroup, type, flags, programs->ids,
			       NULL, &programs->count, &programs->revision);
}

/* Takes the id out, so that it is found as often as it is there. */
static bool take_id(struct programs *programs, uint32_t id)
{
	uint32_t i;

	for (i = 0; i < programs->count; i++) {
		if (programs->ids[i] != id)
			continue;
		programs->ids[i] = 0;
		return true;
	}
	return false;
}

static void show_line(uint32_t place, uint32_t id, bool here, uint32_t link,
		      FILE *out)
{
	scoped_fd int fd = bpf_prog_by_id(id);
	struct program program;
	char safe[4 * sizeof(program.name)];

	if (fd < 0 || program_info(fd, &program) || !program.name[0])
		strcpy(program.name, "-");
	strvis(safe, program.name, VIS_WHITE | VIS_CSTYLE);
	fprintf(out, "%" PRIu32 "\t%s\tprog %" PRIu32, place, safe, id);
	if (link)
		fprintf(out, "\tlink %" PRIu32 "\tthis", link);
	fputs(here ? "\n" : "\tinherited\n", out);
}

/* The kernel does not tell the links of the programs: ours is known. */
static void show_list(struct programs *all, struct programs *here,
		      uint32_t link, uint32_t ours, FILE *out)
{
	bool is_here;
	uint32_t i;

	for (i = 0; i < all->count; i++) {
		is_here = take_id(here, all->ids[i]);
		show_line(i + 1, all->ids[i], is_here,
			  is_here && all->ids[i] == ours ? link : 0, out);
		if (is_here && all->ids[i] == ours)
			ours = 0;
	}
}

void cgroup_show_sites(const struct target *target, FILE *out)
{
	const struct hook_target *hook = &target->hook;
	uint32_t type = hook->create.attach_type, ours = 0;
	scoped_fd int link = bpf_link_by_id(hook->link_id);
	scoped_fd int cgroup = cgroup_by_id(hook->where_id);
	scoped_free struct programs *lists = calloc(2, sizeof(*lists));

	if (!lists || cgroup < 0 || !query(cgroup, type, 0, &lists[1])) {
		fprintf(out, "-\t%s\tlink %" PRIu32 "\n",
			target->sites[0].symbol, hook->link_id);
		return;
	}
	if (!query(cgroup, type, BPF_F_QUERY_EFFECTIVE, &lists[0]))
		lists[0] = lists[1];
	if (link >= 0 && link_prog_id(link, &ours))
		ours = 0;
	show_list(&lists[0], &lists[1], hook->link_id, ours, out);
}

/* The revision and the number of those that `order` can be among. */
static void show_hook(const struct hook_target *hook, FILE *out)
{
	scoped_fd int cgroup = cgroup_by_id(hook->where_id);
	scoped_free struct programs *here = malloc(sizeof(*here));

	if (!here || cgroup < 0 ||
	    !query(cgroup, hook->create.attach_type, 0, here))
		return;
	if (here->revision)
		fprintf(out, "hook_revision:\t%" PRIu64 "\n", here->revision);
	fprintf(out, "hook_programs:\t%" PRIu32 "\n", here->count);
}

void cgroup_show(const struct target *target, FILE *out)
{
	const struct hook_target *hook = &target->hook;
	scoped_free char *safe = malloc(4 * strlen(hook->where) + 1);

	fprintf(out, "attach_type:\t%s\ncgroup_id:\t%" PRIu64 "\n",
		attach_type_name(hook->create.attach_type), hook->where_id);
	if (safe) {
		strvis(safe, hook->where, VIS_TAB | VIS_NL | VIS_CSTYLE);
		fprintf(out, "cgroup:\t%s\n", safe);
	}
	/* Of LSM hooks the kernel counts all as one. */
	if (hook->create.attach_type != BPF_LSM_CGROUP)
		show_hook(hook, out);
}
