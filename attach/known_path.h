/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * known_path.h - the path of a file that may be handed to the kernel, in the
 * place of a descriptor that nobody else understands.
 */
#ifndef ATTACH_KNOWN_PATH_H
#define ATTACH_KNOWN_PATH_H

#include <stdbool.h>

#include "attach/kind/target.h"

/*
 * The path at which that file is for us, if none but root can put another
 * there; NULL if not.  Yours to free.
 */
char *known_path(int fd, const struct file_mark *mark);

/* It is that file still: asked after the kernel has used the path. */
bool known_path_holds(const char *path, const struct file_mark *mark);

#endif
