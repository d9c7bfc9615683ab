// SPDX-License-Identifier: BSD-2-Clause
/* program_lists.c - the maps of a program, and the links that it is on. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <vis.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/link_names.h"
#include "attach/kernel/program.h"
#include "scope.h"

static void show_map(uint32_t id, FILE *out)
{
	char name[4 * sizeof(((struct bpf_map_info *)NULL)->name)] = "";
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);

	scoped_fd int fd = bpf_map_by_id(id);

	if (fd < 0 || bpf_info(fd, &info, &size))
		return;
	strnvis(name, sizeof(name), info.name, VIS_TAB | VIS_NL | VIS_CSTYLE);
	fprintf(out, "%" PRIu32 "\t%s\t%s\n", id, map_type_name(info.type),
		name);
}

int program_show_maps(uint32_t id, FILE *out, struct err *e)
{
	uint32_t ids[PROG_MAPS] = { 0 }, i;
	struct bpf_prog_info info = {
		.nr_map_ids = PROG_MAPS,
		.map_ids = (uintptr_t)ids,
	};
	uint32_t size = sizeof(info);
	int err;

	scoped_fd int fd = bpf_prog_by_id(id);

	if (fd < 0)
		return program_fail(fd, id, e);
	err = bpf_info(fd, &info, &size);
	if (err)
		return fail(e, -err,
			    "the kernel tells nothing of program %u: %s", id,
			    strerror(errno_clamp(-err)));
	for (i = 0; i < info.nr_map_ids && i < PROG_MAPS; i++)
		show_map(ids[i], out);
	return 0;
}

/* A link that ends meanwhile is none any more. */
static void show_link(uint32_t id, uint32_t prog_id, FILE *out)
{
	struct abi_link_info info = { 0 };
	uint32_t size = sizeof(info);

	scoped_fd int fd = bpf_link_by_id(id);

	if (fd >= 0 && !bpf_info(fd, &info, &size) && info.prog_id == prog_id)
		fprintf(out, "%" PRIu32 "\t%s\n", id,
			link_type_name(info.type));
}

int program_show_links(uint32_t id, FILE *out, struct err *e)
{
	scoped_fd int fd = bpf_prog_by_id(id);
	uint32_t link = 0;

	if (fd < 0)
		return program_fail(fd, id, e);
	while (!bpf_link_next(&link))
		show_link(link, id, out);
	return 0;
}
