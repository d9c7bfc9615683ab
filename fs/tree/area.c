// SPDX-License-Identifier: BSD-2-Clause
/* area.c - the table of areas. */
#include "fs/tree/area.h"
#include "fs/tree/area_common.h"

extern const struct area area_root, area_kind, area_progs, area_links,
	area_prog, area_prog_run, area_loaded_run, area_builtin, area_link,
	area_loaded, area_members, area_loaded_program, area_loaded_map,
	area_variable, area_scratch_file, area_scratch_dir, area_probe;

const struct area *const areas[] = {
	[AREA_ROOT] = &area_root,
	[AREA_KIND] = &area_kind,
	[AREA_PROGS] = &area_progs,
	[AREA_LINKS] = &area_links,
	[AREA_PROG] = &area_prog,
	[AREA_LINK] = &area_link,
	[AREA_PROG_RUN] = &area_prog_run,
	[AREA_LOADED_RUN] = &area_loaded_run,
	[AREA_BUILTIN] = &area_builtin,
	[AREA_SCRATCH_FILE] = &area_scratch_file,
	[AREA_SCRATCH_DIR] = &area_scratch_dir,
	[AREA_LOADED] = &area_loaded,
	[AREA_MEMBERS] = &area_members,
	[AREA_LOADED_PROGRAM] = &area_loaded_program,
	[AREA_LOADED_MAP] = &area_loaded_map,
	[AREA_VARIABLE] = &area_variable,
	[AREA_PROBE] = &area_probe,
};

int area_refer(const struct own *own, const struct caller *caller,
	       uint64_t number, struct reference *out, struct err *e)
{
	const struct area *area = area_at(number);

	(void)own;
	if (area->refer)
		return area->refer(caller, node_of(number), out, e);
	return area_refer_nothing(e);
}
