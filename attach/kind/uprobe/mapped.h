/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mapped.h - the files that processes have mapped to run.
 */
#ifndef ATTACH_KIND_UPROBE_MAPPED_H
#define ATTACH_KIND_UPROBE_MAPPED_H

#include <stddef.h>

#include "attach/kind/kind.h"

struct mapped {
	size_t count;
	char **list; /* paths, sorted, each once; owned */
};

/*
 * Those of the processes that the user may look into, bounded.  Each can be
 * opened as it is listed: by its path, or, where the process has another root
 * directory or the file has no name, as what the process has.  mapped_clear()
 * whatever is returned.
 */
int mapped_files(const struct opener *opener, struct mapped *mapped,
		 struct err *e);
void mapped_clear(struct mapped *mapped);

#endif
